// SPDX-License-Identifier: Apache-2.0

/// Messages as RFC 5322 and MIME (RFC 2045 to 2047, 2231) describe them, for every program that reads or writes one.
///
/// Here live header fields, addresses, dates, encoded words, parameters, parts with their offsets, transfer encodings, character
/// sets, and the writer of reports. Everything works on bytes, streams and text that it is given: no file, socket, table or parameter
/// of main.cf is known here, nor SMTP, IMAP, or the queue.
///
/// Whatever a message holds, reading it gives something and throws nothing; an `IOException` is one of the stream that is read.
/// Depth, number and size are bounded by the named constants of each class. Text of a header is a String with one byte in each
/// character until somebody decodes it, as nobody knows its character set before.
@NullMarked
package org.postino.message;

import org.jspecify.annotations.NullMarked;
