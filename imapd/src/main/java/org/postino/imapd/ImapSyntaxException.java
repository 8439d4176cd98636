// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

/// A command that the grammar does not allow; the message is sent to the client after BAD.
final class ImapSyntaxException extends Exception {
    ImapSyntaxException(String message) {
        super(message);
    }

    ImapSyntaxException(String message, Throwable cause) {
        super(message, cause);
    }
}
