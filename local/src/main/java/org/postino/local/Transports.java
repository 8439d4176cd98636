// SPDX-License-Identifier: Apache-2.0

package org.postino.local;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postino.ipc.IpcConnection;
import org.postino.queue.DeliveryExchange;
import org.postino.queue.DeliveryRequest;
import org.postino.queue.DeliveryResult;
import org.postino.queue.Recipient;
import org.postino.smtp.Delivery;
import org.postino.util.ByteNames;
import org.postino.util.Printable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Passes a recipient on to another delivery agent: `mailbox_transport`, `fallback_transport`.
final class Transports {
    private static final Logger LOG = LoggerFactory.getLogger("local");

    private final Path directory;
    private final Duration timeout;

    Transports(Path directory, Duration timeout) {
        this.directory = directory;
        this.timeout = timeout;
    }

    /// The name in `transport:nexthop`.
    static String name(String destination) {
        int colon = destination.indexOf(':');
        return colon < 0 ? destination : destination.substring(0, colon);
    }

    /// Asks the agent of `transport:nexthop` and gives back what it says; empty if it cannot be asked or says nothing.
    Optional<Delivery> pass(String destination, DeliveryRequest request, Recipient recipient) {
        int colon = destination.indexOf(':');
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
        try (var c =
                IpcConnection.connect(
                        directory.resolve(ByteNames.path(name(destination))), timeout)) {
            DeliveryExchange.run(c, passed, results::add);
        } catch (IOException e) {
            LOG.warn(
                    "{}: transport {}: {}",
                    request.id(),
                    Printable.text(name(destination)),
                    e.getMessage());
            return Optional.empty();
        }
        return results.stream().map(DeliveryResult::outcome).reduce((_, last) -> last);
    }
}
