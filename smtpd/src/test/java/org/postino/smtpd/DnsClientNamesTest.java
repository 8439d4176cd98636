// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.dns.Dns;
import org.postino.dns.DnsClient;
import org.postino.dns.HostsFile;
import org.postino.kit.FakeDns;

/// Names of clients, from the hosts file and the DNS.
final class DnsClientNamesTest {
    private static final InetAddress NINE = InetAddress.ofLiteral("192.0.2.9");
    private static final InetAddress SIX = InetAddress.ofLiteral("2001:db8::9");

    @TempDir Path directory;
    private FakeDns server;

    @BeforeEach
    void start() throws IOException {
        server = FakeDns.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private DnsClientNames names(Duration patience) {
        Dns dns =
                new DnsClient(
                        () -> List.of(server.socketAddress()),
                        Duration.ofSeconds(20),
                        1,
                        Clock.systemUTC());
        var hosts = new HostsFile(directory.resolve("hosts"));
        return new DnsClientNames(hosts, () -> dns, Clock.systemUTC(), patience);
    }

    private ClientName name(InetAddress address) {
        return names(Duration.ofSeconds(20)).of(address);
    }

    @Test
    void aNameIsConfirmedByItsAddresses() {
        server.ptr("192.0.2.9", "nine.test").a("nine.test", "192.0.2.8");
        server.a("nine.test", "192.0.2.9").ptr("2001:db8::9", "six.test");
        server.aaaa("six.test", "2001:db8::9");
        assertEquals(ClientName.confirmed("nine.test"), name(NINE));
        assertEquals(ClientName.confirmed("six.test"), name(SIX));
    }

    @Test
    void aNameThatIsNotConfirmedIsKeptApart() {
        server.ptr("2001:db8::9", "six.test").a("six.test", "192.0.2.1");
        ClientName name = name(SIX);
        assertEquals("unknown", name.name());
        assertEquals("six.test", name.reverse());
        assertEquals(ClientName.Status.FORGED, name.status());
        assertEquals("hostname six.test does not resolve to address 2001:db8::9", name.problem());
        server.ptr("192.0.2.9", "gone.test");
        assertEquals(
                "hostname gone.test does not resolve to address 192.0.2.9: Name or service not"
                        + " known",
                name(NINE).problem());
    }

    @Test
    void whatIsNoHostNameIsNoName() {
        server.ptr("192.0.2.9", "192.0.2.9").ptr("2001:db8::9", "a b<script>.test");
        assertEquals(ClientName.nameless(ClientName.Status.NONE), name(NINE));
        assertEquals(ClientName.nameless(ClientName.Status.NONE), name(SIX));
    }

    @Test
    void theHostsFileIsBelievedAndReadAgain() throws IOException {
        Path hosts = directory.resolve("hosts");
        assertEquals("unknown", name(NINE).name());
        Files.writeString(hosts, "# comment\n192.0.2.9 nine.lan nine # more\nrubbish x\n");
        var names = names(Duration.ofSeconds(20));
        assertEquals("nine.lan", names.of(NINE).name());
        Files.writeString(hosts, "192.0.2.9 other.lan\n");
        Files.setLastModifiedTime(hosts, FileTime.from(Instant.now().plusSeconds(5)));
        assertEquals("other.lan", names.of(NINE).name());
    }

    @Test
    void ourselvesNeedNoQuestion() {
        for (String address : List.of("127.0.0.1", "::1")) {
            assertEquals(ClientName.LOCALHOST, name(InetAddress.ofLiteral(address)));
        }
        assertEquals(List.of(), server.questions());
        assertNull(ClientName.LOCALHOST.problem());
    }

    @Test
    void nobodyWaitsLongForAServerThatIsSilent() {
        server.silent("9.2.0.192.in-addr.arpa");
        var names = names(Duration.ofSeconds(2)); // the question must be sent by then
        for (int i = 0; i < 3; i++) {
            assertEquals(ClientName.nameless(ClientName.Status.TEMPORARY), names.of(NINE));
        }
        assertEquals(List.of("PTR 9.2.0.192.in-addr.arpa"), server.questions());
    }

    @Test
    void aFailureIsRememberedForAWhile() {
        server.servfail("9.2.0.192.in-addr.arpa");
        var names = names(Duration.ofSeconds(20));
        assertTrue(names.of(NINE).isTemporary());
        assertTrue(names.of(NINE).isTemporary());
        assertEquals(1, server.questions().size());
    }
}
