// SPDX-License-Identifier: Apache-2.0

package org.postino.imap;

import java.io.IOException;

/// The peer left the framing of the protocol in a way after which the stream cannot be followed: it is told BYE.
public final class FramingException extends IOException {
    FramingException(String message) {
        super(message);
    }
}
