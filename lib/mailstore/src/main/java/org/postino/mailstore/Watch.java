// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

/// A running observation of a mailbox; close it to end it. Closing twice is harmless.
public interface Watch extends AutoCloseable {
    @Override
    void close();
}
