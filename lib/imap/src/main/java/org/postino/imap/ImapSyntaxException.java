// SPDX-License-Identifier: Apache-2.0

package org.postino.imap;

import org.jspecify.annotations.Nullable;

/// A command that the grammar does not allow; the message is sent to the client after BAD.
public final class ImapSyntaxException extends Exception {
    private final @Nullable String code;

    public ImapSyntaxException(String message) {
        super(message);
        this.code = null;
    }

    public ImapSyntaxException(String message, Throwable cause) {
        super(message, cause);
        this.code = null;
    }

    /// @param code the response code that tells the client's program more, like `UIDREQUIRED`
    ImapSyntaxException(String message, String code) {
        super(message);
        this.code = code;
    }

    /// The response code; null if there is none.
    public @Nullable String code() {
        return code;
    }
}
