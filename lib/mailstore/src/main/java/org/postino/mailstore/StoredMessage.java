// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

/// A message as a folder knows it; immutable, shared by all sessions of the process. A changed message is a new object.
interface StoredMessage {
    long uid();

    Flags flags();

    long modseq();

    /// The name of its file without flags, which stays; empty where a message has no file of its own.
    String base();

    /// The size with CRLF, -1 if it has to be looked up.
    long knownSize();

    /// When it was put into this mailbox, in seconds; -1 if nothing tells.
    long saved();

    /// The internal date in seconds, -1 if it has to be looked up.
    long knownDate();
}
