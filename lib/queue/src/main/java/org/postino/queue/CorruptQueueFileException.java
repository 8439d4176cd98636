// SPDX-License-Identifier: Apache-2.0

package org.postino.queue;

/// A queue file is cut short, or what it says of itself is not so.
public final class CorruptQueueFileException extends Exception {
    public CorruptQueueFileException(String message) {
        super(message);
    }
}
