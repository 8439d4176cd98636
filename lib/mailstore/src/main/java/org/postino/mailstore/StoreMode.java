// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

/// The way in which a STORE combines the flags it names with those a message has.
public enum StoreMode {
    ADD,
    REMOVE,
    REPLACE;

    Flags apply(Flags old, Flags given) {
        return switch (this) {
            case ADD -> old.plus(given);
            case REMOVE -> old.minus(given);
            case REPLACE -> given;
        };
    }
}
