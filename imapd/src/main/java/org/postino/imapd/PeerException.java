// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.net.SocketTimeoutException;

/// The client is gone or silent: what tells a broken connection from a fault of the store.
final class PeerException extends IOException {
    PeerException(IOException cause) {
        super(cause.getMessage(), cause);
    }

    PeerException(String message) {
        super(message);
    }

    /// True if the client said nothing for too long.
    boolean isTimeout() {
        return getCause() instanceof SocketTimeoutException;
    }
}
