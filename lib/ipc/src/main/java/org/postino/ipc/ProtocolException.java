// SPDX-License-Identifier: Apache-2.0

package org.postino.ipc;

import java.io.IOException;

/// A peer sent what the protocol between our daemons does not allow, or speaks another version of it.
public final class ProtocolException extends IOException {
    public ProtocolException(String message) {
        super(message);
    }
}
