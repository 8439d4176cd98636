// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.IOException;

/// The store refuses something for a reason that a client should hear. The message is fit for the client.
///
/// Any other [IOException] is a fault of disk or permissions: its text is for the log.
public class MailStoreException extends IOException {
    /// The reason; each has a response code in IMAP.
    public enum Problem {
        /// No such mailbox (NONEXISTENT, or TRYCREATE).
        NO_SUCH_MAILBOX,
        /// A mailbox of that name is there (ALREADYEXISTS).
        EXISTS,
        /// The name cannot be used in this store (CANNOT).
        INVALID_NAME,
        /// The operation makes no sense here: delete INBOX, expunge in a read-only mailbox (CANNOT).
        CANNOT,
        /// The system does not permit it (NOPERM).
        NO_PERMISSION,
        /// No room (OVERQUOTA).
        OVER_QUOTA,
        /// A lock was not to be had in time (INUSE).
        IN_USE,
        /// More keywords than the store can keep (LIMIT).
        LIMIT,
        /// The message is not there any more (EXPUNGEISSUED).
        EXPUNGED,
        /// The selected mailbox was deleted or made anew; the session must give it up.
        MAILBOX_GONE
    }

    private final Problem problem;

    public MailStoreException(Problem problem, String message) {
        super(message);
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }
}
