// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

/// There is no mailbox of that name.
public final class NoSuchMailboxException extends MailStoreException {
    public NoSuchMailboxException(String name) {
        super(Problem.NO_SUCH_MAILBOX, "Mailbox doesn't exist: " + name);
    }
}
