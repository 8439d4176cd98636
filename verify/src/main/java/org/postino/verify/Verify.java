// SPDX-License-Identifier: Apache-2.0

package org.postino.verify;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.ipc.IpcConnection;
import org.postino.ipc.Message;
import org.postino.ipc.ProtocolException;
import org.postino.queue.CleanupClient;
import org.postino.queue.ReceiveOverride;
import org.postino.queue.VerifyClient;
import org.postino.server.Daemon;
import org.postino.server.RequestServer;
import org.postino.suite.Programs;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// verify(8), which knows whether mail to an address would bounce. Manual page: `verify.8`.
///
/// On the socket: what [VerifyClient] says.
final class Verify implements RequestServer.Service {
    private static final Logger LOG = LoggerFactory.getLogger("verify");
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);
    private static final int LONGEST_ADDRESS = 1000;

    private final Addresses addresses;

    Verify(Addresses addresses) {
        this.addresses = addresses;
    }

    static RequestServer.Service start(Daemon daemon) {
        Config config = daemon.config();
        var settings = VerifySettings.of(config);
        var cleanup =
                new CleanupClient(
                        daemon.queueDirectory().resolve("public/cleanup"),
                        config.get(MainParams.IPC_TIMEOUT),
                        ReceiveOverride.INTERNAL);
        var probes = new Probes(settings, cleanup::open, daemon.clock());
        return new Verify(new Addresses(settings, probes, daemon.clock(), LOG));
    }

    @Override
    public void serve(IpcConnection c) throws IOException {
        for (Message m = c.receive(); m != null; m = c.receive()) {
            String address = folded(m.text("address"));
            if (address.isEmpty() || address.length() > LONGEST_ADDRESS) {
                throw new ProtocolException("malformed address");
            }
            c.send(answer(m, address));
        }
    }

    private Message answer(Message m, String address) throws ProtocolException {
        return switch (m.request()) {
            case VerifyClient.QUERY -> {
                Duration wait = Duration.ofMillis(Math.max(0, m.number("wait")));
                var answer =
                        addresses.query(
                                address, wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT);
                yield Message.of(VerifyClient.STATUS)
                        .with("status", answer.status().word())
                        .with("text", answer.text())
                        .build();
            }
            case VerifyClient.UPDATE -> {
                addresses.update(
                        address,
                        new VerifyClient.Answer(
                                VerifyClient.Status.of(m.text("status")), m.text("text")));
                yield Message.of(VerifyClient.OK).build();
            }
            default -> throw new ProtocolException("unknown request " + m.request());
        };
    }

    /// The address with its domain in lower case.
    private static String folded(String address) {
        int at = address.lastIndexOf('@');
        return at < 0
                ? address
                : address.substring(0, at) + address.substring(at).toLowerCase(Locale.ROOT);
    }

    static void main(String[] args) {
        System.exit(RequestServer.run(args, Programs.options("verify"), Verify::start));
    }
}
