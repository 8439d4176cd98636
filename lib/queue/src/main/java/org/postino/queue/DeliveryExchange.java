// SPDX-License-Identifier: Apache-2.0

package org.postino.queue;

import java.io.EOFException;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postino.ipc.IpcConnection;
import org.postino.ipc.Message;
import org.postino.ipc.ProtocolException;
import org.postino.smtp.Dsn;

/// The queue manager's side of a connection to a [DeliveryServer].
public final class DeliveryExchange {
    private DeliveryExchange() {}

    /// The end of an exchange.
    public sealed interface End {}

    /// The agent did what it could.
    ///
    /// @param destinationFailure the reason why the destination as such failed, if it did
    public record Done(@Nullable Dsn destinationFailure) implements End {}

    /// The queue file is not there.
    public record Gone() implements End {}

    /// The queue file cannot be read.
    public record Corrupt(String reason) implements End {}

    /// Sends a request and hands each result to `sink` as it comes, until the agent has ended.
    ///
    /// @throws IOException the connection was lost; results so far count
    public static End run(IpcConnection c, DeliveryRequest request, Consumer<DeliveryResult> sink)
            throws IOException {
        c.send(request.toMessage());
        while (true) {
            Message m = c.receive();
            if (m == null) {
                throw new EOFException("agent closed the connection");
            }
            switch (m.request()) {
                case DeliveryResult.REQUEST -> sink.accept(DeliveryResult.fromMessage(m));
                case DeliveryServer.DONE -> {
                    return new Done(m.optional("dsn") == null ? null : DeliveryResult.dsnOf(m));
                }
                case DeliveryServer.GONE -> {
                    return new Gone();
                }
                case DeliveryServer.CORRUPT -> {
                    return new Corrupt(m.text("reason"));
                }
                default -> throw new ProtocolException("unknown answer " + m.request());
            }
        }
    }
}
