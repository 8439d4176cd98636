// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.Closeable;
import java.io.IOException;
import org.postino.mailstore.MailStore;

/// A user who has logged in, and the mail of that user. Closed at the end of the session.
record Account(String user, MailStore store, Closeable owner, Runnable release)
        implements Closeable {
    @Override
    public void close() throws IOException {
        try (owner;
                store) {
            release.run();
        }
    }
}
