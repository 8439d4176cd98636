// SPDX-License-Identifier: Apache-2.0

package org.postino.local;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.postino.global.delivery.DeliveryExchange;
import org.postino.global.delivery.DeliveryRequest;
import org.postino.global.delivery.DeliveryResult;
import org.postino.global.ipc.IpcConnection;
import org.postino.global.queue.Recipient;
import org.postino.global.smtp.Delivery;
import org.postino.global.smtp.Dsn;
import org.postino.util.ByteNames;
import org.postino.util.Printable;

/// Passes a recipient on to another delivery agent: `mailbox_transport`, `fallback_transport`.
final class Transports {
    private final Path directory;
    private final Duration timeout;

    Transports(Path directory, Duration timeout) {
        this.directory = directory;
        this.timeout = timeout;
    }

    /// Asks the agent of `transport:nexthop` and gives back what it says.
    Delivery pass(String destination, DeliveryRequest request, Recipient recipient) {
        int colon = destination.indexOf(':');
        String name = colon < 0 ? destination : destination.substring(0, colon);
        String nexthop = colon < 0 ? "" : destination.substring(colon + 1);
        var passed =
                new DeliveryRequest(
                        request.id(),
                        request.queue(),
                        request.trace(),
                        request.sender(),
                        nexthop.isEmpty() ? request.nexthop() : nexthop,
                        List.of(recipient),
                        request.size(),
                        request.arrival(),
                        request.activeSince(),
                        request.attributes());
        var results = new ArrayList<DeliveryResult>();
        try (var c = IpcConnection.connect(directory.resolve(ByteNames.path(name)), timeout)) {
            DeliveryExchange.run(c, passed, results::add);
        } catch (IOException e) {
            return new Delivery.Deferred(
                    Dsn.of("4.3.0", "mail transport unavailable: " + Printable.text(name)));
        }
        return results.isEmpty()
                ? new Delivery.Deferred(Dsn.of("4.3.0", "mail transport said nothing: " + name))
                : results.getLast().outcome();
    }
}
