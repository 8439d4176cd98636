// SPDX-License-Identifier: Apache-2.0

package org.postino.server;

/// A daemon cannot go on for a reason that the operator must mend: a missing file, a wrong right. Logged as `fatal:`.
public final class FatalException extends RuntimeException {
    public FatalException(String message) {
        super(message);
    }

    public FatalException(String message, Throwable cause) {
        super(message, cause);
    }
}
