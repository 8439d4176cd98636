// SPDX-License-Identifier: Apache-2.0

/// Mail stores: Maildir++ and mbox, with UIDs and keywords where Dovecot keeps them. No protocol words.
///
/// One [MailStores] per process opens a [MailStore] per user, which opens a [Mailbox] per session.
/// Files of a Maildir may be compressed ([Compression]).
/// The directory or mbox file is the truth; our own files beside it, an index ([MaildirIndexLayout]) and what messages say
/// ([MaildirCacheLayout]), are caches that may vanish or be damaged at any time.
@NullMarked
package org.postino.mailstore;

import org.jspecify.annotations.NullMarked;
