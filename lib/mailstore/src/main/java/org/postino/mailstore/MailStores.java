// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.Closeable;
import java.io.IOException;
import java.time.Clock;

/// Opens mail stores; one object per process, shared by all sessions, so that they share what is known of a mailbox and hear of
/// each other's changes. Safe for use by several threads. Starts its one watching thread with the first [Mailbox#watch].
public final class MailStores implements Closeable {
    private final Clock clock;

    public MailStores(Clock clock) {
        this.clock = clock;
    }

    /// Opens a user's store and makes its INBOX where it is missing. Close it at the end of the session.
    @SuppressWarnings("DoNotCallSuggester")
    public MailStore open(MailLocation location, StoreOwner owner) throws IOException {
        throw new IOException("not yet: " + location + owner + clock);
    }

    @Override
    public void close() throws IOException {}
}
