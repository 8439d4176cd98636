// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import org.jspecify.annotations.Nullable;

/// A command that the grammar does not allow; the message is sent to the client after BAD.
final class ImapSyntaxException extends Exception {
    private final transient @Nullable ResponseCode code;

    ImapSyntaxException(String message) {
        this(null, message);
    }

    ImapSyntaxException(@Nullable ResponseCode code, String message) {
        super(message);
        this.code = code;
    }

    ImapSyntaxException(String message, Throwable cause) {
        super(message, cause);
        this.code = null;
    }

    @Nullable ResponseCode code() {
        return code;
    }
}
