// SPDX-License-Identifier: Apache-2.0

package org.postino.smtp;

import java.io.IOException;

/// A server said something that is not an SMTP reply.
public final class ReplyFormatException extends IOException {
    public ReplyFormatException(String message) {
        super(message);
    }
}
