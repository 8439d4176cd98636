// SPDX-License-Identifier: Apache-2.0

package org.postino.tests;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.Await;
import org.postino.kit.Command;
import org.postino.kit.FreePort;
import org.postino.kit.Instance;

/// A whole instance, confined as it is, asks policy servers of Debian's.
class PolicyServerTest {
    @TempDir Path dir;

    @Test
    void postgreyDefersAndThenLetsIn() throws Exception {
        assumeTrue(Command.exists("postgrey"), "postgrey is not installed");
        int port = FreePort.find();
        var postgrey = postgrey(port);
        try (var mx = Instance.create(dir.resolve("mx"))) {
            Await.until("postgrey listens", () -> accepts(port));
            mx.user("bob@mx.test", "secret")
                    .set(
                            "mynetworks = 10.9.0.0/16",
                            "smtpd_relay_restrictions = reject_unauth_destination",
                            "smtpd_recipient_restrictions = check_policy_service inet:127.0.0.1:"
                                    + port)
                    .start();
            String first = attempt(mx);
            assertTrue(
                    first.startsWith(
                            "450 4.2.0 <bob@mx.test>: Recipient address rejected: Greylisted"),
                    first);
            Await.until(
                    "a later attempt is let in",
                    () -> attempt(mx).startsWith("250 2.0.0 Ok: queued"));
            mx.awaitLog("status=sent");
            String text = Files.readString(mx.inbox("bob@mx.test").getFirst());
            assertTrue(text.contains("X-Greylist: delayed "), text);
        } finally {
            postgrey.destroy();
            postgrey.waitFor(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void policydSpfAnswersBySpawn() throws Exception {
        FilterPrograms.assumeThere("policyd-spf", "postfix-policyd-spf-python");
        try (var filters = new FilterPrograms(dir);
                var mx = Instance.create(dir.resolve("mx"))) {
            Path settings = filters.settings("policyd-spf.conf", "policyd-spf.conf");
            Files.writeString(
                    mx.directory().resolve("master.cf"),
                    """
                    policyd-spf  unix  -       n       n       -       0       spawn
                        user=%s argv=/usr/bin/policyd-spf %s
                    """
                            .formatted(filters.user(), settings),
                    StandardOpenOption.APPEND);
            mx.user("bob@mx.test", "secret")
                    .set(
                            "policyd-spf_time_limit = 3600",
                            "smtpd_recipient_restrictions = reject_unauth_destination,"
                                    + " check_policy_service unix:private/policyd-spf")
                    .start();
            String reply = attempt(mx);
            assertTrue(reply.startsWith("250 2.0.0 Ok: queued"), reply);
            mx.awaitLog("status=sent");
            String text = Files.readString(mx.inbox("bob@mx.test").getFirst());
            assertTrue(
                    text.contains(
                            "\nX-Comment: SPF skipped for whitelisted relay - client-ip=127.0.0.1;"),
                    text);
        }
    }

    private Process postgrey(int port) throws IOException {
        Files.createDirectories(dir.resolve("greylist"));
        String user = System.getProperty("user.name");
        return new ProcessBuilder(
                        "postgrey",
                        "--inet=127.0.0.1:" + port,
                        "--dbdir=" + dir.resolve("greylist"),
                        "--pidfile=" + dir.resolve("greylist/pid"),
                        "--delay=1",
                        "--user=" + user,
                        "--group=" + new Command("id", "-gn").run().ok().out().strip())
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("postgrey.log").toFile())
                .start();
    }

    private static boolean accepts(int port) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /// Sends a message; the reply to its recipient if that is refused, or else that to its end.
    private static String attempt(Instance mx) throws IOException {
        try (var wire = mx.wire(25)) {
            wire.line();
            wire.ask("HELO client.test");
            wire.ask("MAIL FROM:<a@b.test>");
            String reply = String.valueOf(wire.ask("RCPT TO:<bob@mx.test>"));
            if (!reply.startsWith("250 ")) {
                return reply;
            }
            wire.ask("DATA");
            wire.send("Subject: at last\r\n\r\ntext\r\n.\r\n");
            return String.valueOf(wire.line());
        }
    }
}
