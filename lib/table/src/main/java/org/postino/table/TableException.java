// SPDX-License-Identifier: Apache-2.0

package org.postino.table;

/// A table could not be asked: a temporary failure, not "not found". The message names the table and the reason.
public final class TableException extends Exception {
    public TableException(String message) {
        super(message);
    }

    public TableException(String message, Throwable cause) {
        super(message, cause);
    }
}
