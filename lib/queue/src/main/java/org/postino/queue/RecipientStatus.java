// SPDX-License-Identifier: Apache-2.0

package org.postino.queue;

import java.util.Optional;

/// The state of a recipient: one byte in the queue file, changed in place.
public enum RecipientStatus {
    /// Still to be delivered.
    OPEN('O'),
    /// Delivered, or bounced and the sender told: never tried again.
    DONE('D');

    private final char code;

    RecipientStatus(char code) {
        this.code = code;
    }

    public char code() {
        return code;
    }

    public static Optional<RecipientStatus> of(int code) {
        return switch (code) {
            case 'O' -> Optional.of(OPEN);
            case 'D' -> Optional.of(DONE);
            default -> Optional.empty();
        };
    }
}
