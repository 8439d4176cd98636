// SPDX-License-Identifier: Apache-2.0

package org.postino.qmgr;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.postino.ipc.IpcConnection;
import org.postino.ipc.Message;
import org.postino.queue.QueueId;
import org.postino.queue.VerifyClient;

/// Asks the bounce daemon over its socket; a connection per notification, for they are few.
///
/// @param verify hears of probes
record BounceService(Path socket, VerifyClient verify, Duration timeout) implements Notifier {
    @Override
    public void probed(String address, VerifyClient.Answer answer) throws IOException {
        verify.update(address, answer);
    }

    @Override
    public void tell(Kind kind, QueueId id) throws IOException {
        try (var c = IpcConnection.connect(socket, timeout)) {
            Message reply =
                    c.request(
                            Message.of("notify")
                                    .with("kind", kind.name().toLowerCase(Locale.ROOT))
                                    .with("queue_id", id.text())
                                    .build());
            if (!reply.request().equals("ok")) {
                throw new IOException("bounce service: " + reply.text("reason"));
            }
        }
    }
}
