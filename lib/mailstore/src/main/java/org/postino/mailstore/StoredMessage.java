// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

/// A message as a folder knows it; immutable, shared by all sessions of the process. A changed message is a new object.
interface StoredMessage {
    long uid();

    Flags flags();

    long modseq();
}
