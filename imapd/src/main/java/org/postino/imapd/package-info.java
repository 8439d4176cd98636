// SPDX-License-Identifier: Apache-2.0

/// imapd(8), the IMAP4rev1 server.
///
/// DESCRIPTION: wire ([ImapFraming], [ImapLexer], [ImapWriter]) under values ([FetchItem], [SearchKey], [SequenceSet],
/// [Untagged]) under the server ([ImapSession], [Dispatcher], [CommandTable], one class per command). Messages are read
/// by [org.postino.message.MimeParser] and its neighbours.
///
/// SECURITY: all input is hostile: lines, literals, nesting and bodies are bounded or streamed; only [Dispatcher]
/// decides which command runs in which state.
@NullMarked
package org.postino.imapd;

import org.jspecify.annotations.NullMarked;
