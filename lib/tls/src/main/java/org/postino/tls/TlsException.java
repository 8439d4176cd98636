// SPDX-License-Identifier: Apache-2.0

package org.postino.tls;

import java.io.IOException;

/// A handshake that failed, or keys and certificates that can't be used; the message is meant for the log.
public final class TlsException extends IOException {
    public TlsException(String message) {
        super(message);
    }

    public TlsException(String message, Throwable cause) {
        super(message, cause);
    }
}
