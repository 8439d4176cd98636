// SPDX-License-Identifier: Apache-2.0

package org.postino.imap;

import java.io.IOException;
import java.net.SocketTimeoutException;

/// The client is gone or silent: what tells a broken connection from a fault of the store.
public final class PeerException extends IOException {
    public PeerException(IOException cause) {
        super(cause.getMessage(), cause);
    }

    public PeerException(String message) {
        super(message);
    }

    /// True if the client said nothing for too long.
    public boolean isTimeout() {
        return getCause() instanceof SocketTimeoutException;
    }
}
