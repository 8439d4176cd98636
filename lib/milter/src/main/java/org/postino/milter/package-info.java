// SPDX-License-Identifier: Apache-2.0

/// Mail filters that speak the milter protocol, versions 2 to 6, as their client.
///
/// - what main.cf says: [MilterParams]; a [MilterList] is one list of filters, ready for any number of sessions
/// - a session: [Milters] tells each filter in turn what happens; a filter answers with a [MilterVerdict]
/// - a message: [MilterMessage] shows its content and takes edits; [MacroSource] says what macros are worth
///
/// Not here: when which event comes and what a verdict means for client and message (smtpd, cleanup).
///
/// # The protocol
///
/// A packet is a length (four bytes, big endian, of all that follows), a letter and data. Numbers are big endian, texts end with NUL.
/// [MilterEvent] lists what a filter is told. At the end of a message it may ask for edits before its verdict:
///
/// | letter | edit |
/// |---|---|
/// | `+` address; `2` address, ESMTP parameters | one recipient more |
/// | `-` address | one recipient less |
/// | `e` address, ESMTP parameters | another sender |
/// | `h` name, value | a field behind all others |
/// | `i` index, name, value | a field in front of the one with this index |
/// | `m` index, name, value | another value for the nth field of that name, or none |
/// | `b` bytes | a part of a new body |
/// | `q` reason | the hold queue |
/// | `p` | it needs more time |
///
/// # SECURITY
///
/// A filter is believed in what it wants done, and in nothing else: a packet, the number of edits and the memory for them have limits, what
/// would not be a header field, an address or a reply is no edit, and a filter that is silent for too long is given up.
@NullMarked
package org.postino.milter;

import org.jspecify.annotations.NullMarked;
