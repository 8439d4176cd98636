// SPDX-License-Identifier: Apache-2.0

/// The words of IMAP (RFC 3501, RFC 9051) for every program that uses them: imapd(8), and those that ask or prepare what a client will ask.
///
/// Three things live here. The grammar: [ImapFraming] cuts lines and literals, [ImapLexer] takes tokens, [ImapWriter] prints them. What a
/// message says, in the form of a response: [MessageReader] with ENVELOPE, BODYSTRUCTURE and PREVIEW, from the cache of a mailbox or
/// from the message. And the search: [SearchParser] makes a [SearchKey] of words, [Search] tries it on messages, [SortTable] and
/// [ThreadAlgorithm] order what was found (RFC 5256).
///
/// Not here: commands, sessions and their states, what is announced (imapd); stores (`mailstore`).
@NullMarked
package org.postino.imap;

import org.jspecify.annotations.NullMarked;
