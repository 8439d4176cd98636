// SPDX-License-Identifier: Apache-2.0

package org.postino.server;

import java.io.IOException;

/// The beginning of a connection is not a header of the PROXY protocol that we take; the message says what is wrong, and shows printable parts of
/// what came.
public final class ProxyHeaderException extends IOException {
    private static final long serialVersionUID = 1;

    ProxyHeaderException(String message) {
        super(message);
    }
}
