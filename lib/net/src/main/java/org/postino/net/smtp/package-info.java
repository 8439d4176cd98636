// SPDX-License-Identifier: Apache-2.0

/// SMTP on the wire, for servers and clients alike: commands, paths, parameters, replies, and the dot-stuffed stream.
///
/// SECURITY: everything read here comes from strangers. Nothing that leaves this package as a [org.postino.message.Address] or a
/// parameter contains a control character; what may (a HELO name, an unknown verb) is made [org.postino.util.Printable] first.
@NullMarked
package org.postino.net.smtp;

import org.jspecify.annotations.NullMarked;
