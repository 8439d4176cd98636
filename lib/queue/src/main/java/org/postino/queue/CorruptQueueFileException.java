// SPDX-License-Identifier: Apache-2.0

package org.postino.queue;

/// The error of a queue file that is cut short or contradicts itself.
public final class CorruptQueueFileException extends Exception {
    public CorruptQueueFileException(String message) {
        super(message);
    }
}
