// SPDX-License-Identifier: Apache-2.0

/// Bytes, lines, names and text, for a program that knows neither mail nor the operating system.
///
/// - text: [Printable] makes what a peer sent harmless for a log, a terminal or a header; [InetText], [Cidr] and
///   [ClientNetwork] read and print addresses of the internet; [VariableText] fills in Dovecot's variables
/// - bytes: [ByteReader] reads lines with a limit; [ByteNames] keeps file names that are not UTF-8
/// - files: [FileSafe] replaces a file so that a crash leaves the old one or the new one
/// - threads: [FirstAnswer] runs a question once for all who ask it at the same time; [Lazy] makes a thing when it is first
///   asked for
///
/// Not here: system calls and locks (`linux`), words of mail (`message`, `smtp`), parameters (`config`). A class comes here
/// if two rooms need it and none of them is its subject. This room sees no other.
@NullMarked
package org.postino.util;

import org.jspecify.annotations.NullMarked;
