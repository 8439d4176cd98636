// SPDX-License-Identifier: Apache-2.0

package org.postino.config;

/// A value that a parameter does not allow; the message completes "parameter NAME ...".
public final class ValueException extends Exception {
    public ValueException(String message) {
        super(message);
    }

    public ValueException(String message, Throwable cause) {
        super(message, cause);
    }
}
