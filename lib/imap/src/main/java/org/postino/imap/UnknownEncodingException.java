// SPDX-License-Identifier: Apache-2.0

package org.postino.imap;

import java.io.IOException;

/// A part is in a transfer encoding that nobody knows (RFC 3516, 4.3).
public final class UnknownEncodingException extends IOException {
    private static final long serialVersionUID = 1;

    UnknownEncodingException() {
        super("unknown transfer encoding");
    }
}
