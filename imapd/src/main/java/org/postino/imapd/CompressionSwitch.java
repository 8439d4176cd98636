// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.postino.imap.ImapFraming;
import org.postino.imap.ImapWriter;
import org.postino.server.Connection;

/// Compression of a session, on or off (RFC 4978). A command wishes for a change, which comes when its answer is sent.
final class CompressionSwitch implements Closeable {
    private final Connection connection;
    private final ImapFraming framing;
    private final ImapWriter out;
    private boolean wanted;
    private @Nullable ImapCompression active;

    CompressionSwitch(Connection connection, ImapFraming framing, ImapWriter out) {
        this.connection = connection;
        this.framing = framing;
        this.out = out;
    }

    boolean isOn() {
        return active != null;
    }

    /// Compresses, or does not, from the end of this answer on.
    void want(boolean on) {
        wanted = on;
    }

    /// Carries out what was wished for.
    void turn() throws IOException {
        var before = active;
        if (wanted == (before != null)) {
            return;
        }
        out.flush();
        if (before == null) {
            active = new ImapCompression(connection.in(), connection.out());
            framing.source(active.reader());
            out.target(active.output());
            return;
        }
        active = null;
        framing.source(connection.in());
        out.target(connection.out());
        before.close();
    }

    /// Sends what waits; there may be nothing more to send for long.
    void flushAndRest() throws IOException {
        out.flush();
        if (active != null) {
            active.rest();
        }
    }

    @Override
    public void close() {
        if (active != null) {
            active.close();
        }
    }
}
