// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpclient;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.postino.smtp.Features;

/// A conversation with a server that is ready for a message. Used by one thread at a time.
final class Session {
    private final Wire wire;
    private final Features features;
    private final Instant opened;
    private int uses;
    private boolean transactionOpen;

    Session(Wire wire, Features features, Instant opened) {
        this.wire = wire;
        this.features = features;
        this.opened = opened;
    }

    Wire wire() {
        return wire;
    }

    Target target() {
        return wire.target();
    }

    Features features() {
        return features;
    }

    /// True if the server offers REQUIRETLS, on TLS as it must be (RFC 8689, 4.1).
    boolean offersRequireTls() {
        return wire.connection().secured() && features.has(TlsWish.KEYWORD);
    }

    Instant opened() {
        return opened;
    }

    /// Returns the number of messages that it has carried, the current one included.
    int uses() {
        return uses;
    }

    void use() {
        uses++;
    }

    /// Sets whether `RSET` must be sent before the next message.
    void transactionOpen(boolean open) {
        transactionOpen = open;
    }

    boolean isTransactionOpen() {
        return transactionOpen;
    }

    /// Sends QUIT and closes the connection; blocks.
    ///
    /// @param wait the longest wait for the server's answer; with zero it does not wait
    void quit(Duration wait) {
        try {
            wire.send("QUIT", "sending QUIT");
            if (wait.isZero()) {
                wire.out().flush();
            } else {
                wire.reply(wait, "sending QUIT");
            }
        } catch (IOException e) {
            // It is gone already.
        } finally {
            wire.close();
        }
    }
}
