// SPDX-License-Identifier: Apache-2.0

package org.postino.login;

import java.io.Closeable;
import java.io.IOException;
import org.postino.mailstore.MailStore;

/// A user who has logged in, and the mail of that user. Closed at the end of the session.
///
/// @param leave what ends with the session
public record Account(String user, MailStore store, Runnable leave) implements Closeable {
    @Override
    public void close() throws IOException {
        try (store) {
            leave.run();
        }
    }
}
