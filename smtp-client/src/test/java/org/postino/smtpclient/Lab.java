// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpclient;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.postino.config.Config;
import org.postino.kit.FakeDns;
import org.postino.kit.QuietDaemon;
import org.postino.queue.CorruptQueueFileException;
import org.postino.queue.DeliveryRequest;
import org.postino.queue.DeliveryResult;
import org.postino.queue.DeliveryServer;
import org.postino.queue.Envelope;
import org.postino.queue.QueueFile;
import org.postino.queue.QueueFileWriter;
import org.postino.queue.QueueId;
import org.postino.queue.QueueName;
import org.postino.queue.Recipient;
import org.postino.smtp.Delivery;
import org.postino.suite.LmtpParams;
import org.postino.suite.SmtpParams;
import org.postino.tls.SelfSigned;
import org.postino.tls.TlsParams;
import org.postino.tls.TlsServer;

/// Two servers that exchange mail for `dest.test`, the better one first, a name server that knows them, and the agents under test.
final class Lab implements AutoCloseable {
    static final String MESSAGE = "Subject: hi\r\n\r\n.dot\r\nbody\r\n";

    private final Path dir;
    private final FakeDns dns;
    private final FakeSmtp one;
    private final FakeSmtp two;
    private final Map<String, String> settings = new HashMap<>();
    private final Map<String, String> attributes = new HashMap<>();

    private final List<Delivery> outcomes = new ArrayList<>();

    private Lab(Path dir, FakeDns dns, FakeSmtp one, FakeSmtp two) {
        this.dir = dir;
        this.dns = dns;
        this.one = one;
        this.two = two;
    }

    /// @param dir where queue files go
    static Lab start(Path dir) throws IOException {
        var one = FakeSmtp.start("127.0.0.21", 0);
        var lab = new Lab(dir, FakeDns.start(), one, FakeSmtp.start("127.0.0.22", one.port()));
        lab.configure();
        return lab;
    }

    private void configure() {
        settings.put("dns_servers", dns.address());
        settings.put("smtp_tcp_port", Integer.toString(one.port()));
        settings.put("lmtp_tcp_port", Integer.toString(one.port()));
        settings.put("myhostname", "me.test");
        settings.put("mydomain", "test");
        settings.put("inet_protocols", "ipv4");
        settings.put("smtp_helo_timeout", "2s");
        settings.put("smtp_data_done_timeout", "2s");
        settings.put("smtp_tls_security_level", "");
        dns.mx("dest.test", 10, "one.test").mx("dest.test", 20, "two.test");
        dns.a("one.test", "127.0.0.21").a("two.test", "127.0.0.22");
    }

    FakeDns dns() {
        return dns;
    }

    /// The better exchanger, `one.test`.
    FakeSmtp one() {
        return one;
    }

    /// The other one, `two.test`, at the same port.
    FakeSmtp two() {
        return two;
    }

    /// Gives the better exchanger TLS, with a certificate for its own and other names; the file that has it.
    Path secure(String... names) throws IOException {
        Path pem = dir.resolve("tls.pem");
        Files.writeString(pem, SelfSigned.pem("one.test", List.of(names), Clock.systemUTC()));
        one.on("STARTTLS", "220 go");
        one.tls(new TlsServer(new TlsServer.Settings(List.of(pem), ">=TLSv1.2")));
        return pem;
    }

    /// Sets a parameter for the agents that start from now on.
    void set(String name, String value) {
        settings.put(name, value);
    }

    void unset(String name) {
        settings.remove(name);
    }

    /// Sets an attribute of the requests from now on.
    void attribute(String name, String value) {
        attributes.put(name, value);
    }

    /// An agent with the settings as they are now.
    Smtp agent(boolean lmtp) {
        var config = Config.of(settings, SmtpParams.ALL, LmtpParams.ALL, TlsParams.ALL);
        return Smtp.start(new QuietDaemon("smtp", config, Path.of("/nonexistent")), lmtp);
    }

    /// Delivers a usual message by an agent of its own; the result as [#send] has it.
    List<String> deliver(String nexthop, String... recipients) throws Exception {
        return by(agent(false), nexthop, recipients);
    }

    /// Delivers a usual message.
    List<String> by(Smtp agent, String nexthop, String... recipients) throws Exception {
        return send(agent, MESSAGE, nexthop, recipients);
    }

    /// Delivers a message, and says per recipient `status relay dsn (reason)`.
    List<String> send(Smtp agent, String content, String nexthop, String... recipients)
            throws Exception {
        Path file = Files.createTempFile(dir, "queue", "");
        List<Recipient> written = write(file, content, recipients);
        var request =
                new DeliveryRequest(
                        QueueId.parse("4F00012345").orElseThrow(),
                        QueueName.ACTIVE,
                        "TRACE",
                        "sender@me.test",
                        nexthop,
                        written,
                        content.length(),
                        Instant.now(),
                        Instant.now(),
                        attributes);
        var results = DeliveryServer.deliver(agent, request, file, Clock.systemUTC());
        outcomes.clear();
        results.forEach(result -> outcomes.add(result.outcome()));
        var texts = new ArrayList<String>();
        for (Recipient r : written) {
            for (DeliveryResult result : results) {
                if (result.offset() == r.offset()) {
                    Delivery d = result.outcome();
                    texts.add(
                            d.word()
                                    + " "
                                    + result.relay()
                                    + " "
                                    + d.dsn().status()
                                    + " ("
                                    + d.dsn().reason()
                                    + ")");
                }
            }
        }
        return texts;
    }

    /// What became of the recipients of the last message.
    List<Delivery> outcomes() {
        return outcomes;
    }

    /// Delivers a usual message to one recipient, and asserts that this server took it, which was found as `host`.
    void assertSentBy(FakeSmtp server, String host, String nexthop) throws Exception {
        String result = deliver(nexthop, "a@dest.test").getFirst();
        assertTrue(result.startsWith("sent " + relay(server, host)), result);
    }

    private static List<Recipient> write(Path file, String content, String... recipients)
            throws IOException, CorruptQueueFileException {
        try (var channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            var writer = new QueueFileWriter(channel);
            writer.envelope(new Envelope("sender@me.test", Instant.now(), "TRACE", Map.of()));
            for (String r : recipients) {
                writer.recipient(Recipient.of(r, r, "", ""));
            }
            writer.beginContent();
            byte[] bytes = content.getBytes(ISO_8859_1);
            writer.content(bytes, 0, bytes.length);
            writer.finish();
        }
        try (var opened = QueueFile.open(file, false)) {
            return opened.recipients();
        }
    }

    /// How a result names a server that was found as `host`.
    String relay(FakeSmtp server, String host) {
        return host + "[127.0.0." + (server == one ? "21" : "22") + "]:" + one.port();
    }

    @Override
    public void close() throws IOException {
        dns.close();
        one.close();
        two.close();
    }
}
