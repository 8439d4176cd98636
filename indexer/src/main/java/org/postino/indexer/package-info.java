// SPDX-License-Identifier: Apache-2.0

/// indexer(8), which keeps an index of the texts of mailboxes beside them, and says which messages may contain a text.
///
/// The index is a cache of Lucene's, in the directory [IndexFiles#NAME] of each mailbox; ADR 34 says what is in it. Nobody else loads
/// a class of Lucene.
///
/// SECURITY: Everything in the index and in the messages comes from users and strangers. All files are opened as the user whose mail it is, and the
/// index is checked whole before it is believed.
@NullMarked
package org.postino.indexer;

import org.jspecify.annotations.NullMarked;
