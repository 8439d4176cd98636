// SPDX-License-Identifier: Apache-2.0

package org.postino.postmail;

import java.io.IOException;
import org.postino.commands.Cli;
import org.postino.mailstore.MailStoreException;

/// A failure with its exit status, a number of `sysexits.h` as doveadm has them.
final class PostmailFailure extends Exception {
    static final int USAGE = 64;

    /// Something is not as it must be: it exists already, say.
    static final int DATA = 65;

    static final int NO_USER = 67;

    /// Something that was named does not exist.
    static final int NOT_FOUND = 68;

    static final int TRY_AGAIN = 75;
    static final int NO_PERMISSION = 77;
    static final int CONFIGURATION = 78;

    private final int status;

    PostmailFailure(int status, String message) {
        super(message);
        this.status = status;
    }

    PostmailFailure(int status, String message, Throwable cause) {
        super(message, cause);
        this.status = status;
    }

    static PostmailFailure usage(String message) {
        return new PostmailFailure(USAGE, message);
    }

    int status() {
        return status;
    }

    /// The exit status of what the store refuses, or of a fault of the disk.
    static int statusOf(IOException e) {
        if (!(e instanceof MailStoreException refused)) {
            return TRY_AGAIN;
        }
        return switch (refused.problem()) {
            case NO_SUCH_MAILBOX, MAILBOX_GONE -> NOT_FOUND;
            case EXISTS, INVALID_NAME, CANNOT -> DATA;
            case NO_PERMISSION -> NO_PERMISSION;
            case OVER_QUOTA, IN_USE, LIMIT, EXPUNGED -> TRY_AGAIN;
        };
    }

    /// The reason of such a failure in words.
    static String reasonOf(IOException e) {
        return Cli.reason(e);
    }
}
