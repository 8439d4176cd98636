// SPDX-License-Identifier: Apache-2.0

package org.postino.dns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.FakeDns;

class DnsClientTest {
    private FakeDns server;
    private DnsClient dns;
    private final AtomicLong now = new AtomicLong();

    @BeforeEach
    void start() throws IOException {
        server = FakeDns.start();
        dns = client(List.of(server.socketAddress()));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private DnsClient client(List<InetSocketAddress> servers) {
        return new DnsClient(() -> servers, Duration.ofMillis(300), 1, clock());
    }

    private Clock clock() {
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return Instant.ofEpochSecond(now.get());
            }
        };
    }

    @Test
    void mailExchangersComeWithPreference() {
        server.mx("example.test", 10, "mx1.example.test")
                .mx("example.test", 20, "MX2.example.test");
        assertEquals(
                Set.of(new MxHost(10, "mx1.example.test"), new MxHost(20, "MX2.example.test")),
                Set.copyOf(dns.mx("Example.Test").records()));
    }

    @Test
    void nullMxHasAnEmptyHost() {
        server.nullMx("nomail.test");
        assertTrue(dns.mx("nomail.test").records().getFirst().isNull());
    }

    @Test
    void addressesOfBothFamiliesComeSixFirst() {
        server.a("host.test", "192.0.2.1").aaaa("host.test", "2001:db8::1");
        assertEquals(
                List.of(InetAddress.ofLiteral("2001:db8::1"), InetAddress.ofLiteral("192.0.2.1")),
                dns.addresses("host.test").records());
        assertEquals(1, dns.addresses("host.test", Dns.Family.IPV4).records().size());
    }

    @Test
    void missingNamesAndMissingRecordsDiffer() {
        server.a("host.test", "192.0.2.1");
        assertInstanceOf(Answer.NoSuchDomain.class, dns.mx("nowhere.test"));
        assertInstanceOf(Answer.NoData.class, dns.mx("host.test"));
        assertInstanceOf(Answer.NoSuchDomain.class, dns.addresses("nowhere.test"));
        assertInstanceOf(Answer.NoSuchDomain.class, dns.mx("x".repeat(64) + ".test"));
        assertInstanceOf(Answer.NoSuchDomain.class, dns.mx("a..test"));
    }

    @Test
    void aServersFailureIsTemporary() {
        server.servfail("broken.test").silent("mute.test");
        assertInstanceOf(Answer.TempFail.class, dns.mx("broken.test"));
        assertInstanceOf(Answer.TempFail.class, dns.mx("mute.test"));
    }

    @Test
    void theNextServerIsAsked() throws IOException {
        try (var second = FakeDns.start()) {
            server.servfail("host.test");
            second.a("host.test", "192.0.2.7");
            var both = client(List.of(server.socketAddress(), second.socketAddress()));
            assertEquals(1, both.addresses("host.test", Dns.Family.IPV4).records().size());
        }
    }

    @Test
    void aliasesAreFollowed() {
        server.cname("www.test", "alias.test").cname("alias.test", "host.test");
        server.a("host.test", "192.0.2.1");
        assertEquals(1, dns.addresses("www.test", Dns.Family.IPV4).records().size());
        server.cname("loop.test", "loop.test");
        assertInstanceOf(Answer.NoData.class, dns.addresses("loop.test", Dns.Family.IPV4));
    }

    @Test
    void aLongChainOfAliasesIsFollowed() {
        for (int i = 0; i < 18; i++) {
            server.cname("a" + i + ".test", "a" + (i + 1) + ".test");
        }
        server.mx("a18.test", 10, "mx.test");
        assertEquals(List.of(new MxHost(10, "mx.test")), dns.mx("a0.test").records());
    }

    @Test
    void aMissingResolvConfMeansTheLocalHostAndNoAnswerIsTemporary(@TempDir Path dir) {
        var servers = DnsServers.ofResolvConf(dir.resolve("none"));
        assertEquals("127.0.0.1", servers.getFirst().getAddress().getHostAddress());
        var nobody = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 9);
        var client = client(List.of(nobody, nobody));
        assertInstanceOf(Answer.TempFail.class, client.mx("example.test"));
        assertInstanceOf(Answer.TempFail.class, client.addresses("example.test"));
    }

    @Test
    void aTruncatedAnswerIsAskedForOverTcp() {
        server.truncated("big.test");
        for (int i = 0; i < 60; i++) {
            server.mx("big.test", i, "mx" + i + ".a-rather-long-name.big.test");
        }
        assertEquals(60, dns.mx("big.test").records().size());
        assertTrue(server.questions().contains("MX big.test tcp"));
    }

    @Test
    void hundredsOfRecordsCountAndNoMore() {
        server.truncated("big.test");
        for (int i = 0; i < 600; i++) {
            server.mx("big.test", i, "mx" + i + ".big.test");
        }
        assertEquals(500, dns.mx("big.test").records().size());
    }

    @Test
    void answersAreKeptForTheirTimeToLive() {
        server.ttl(60).a("host.test", "192.0.2.1");
        var first = dns.addresses("host.test", Dns.Family.IPV4);
        server.remove("host.test");
        now.addAndGet(59);
        assertEquals(first, dns.addresses("host.test", Dns.Family.IPV4));
        assertEquals(1, server.questions().size());
        now.addAndGet(2);
        assertInstanceOf(Answer.NoSuchDomain.class, dns.addresses("host.test", Dns.Family.IPV4));
    }

    @Test
    void addressesHaveNames() {
        server.ptr("192.0.2.9", "nine.test").ptr("2001:db8::9", "nine.test");
        assertEquals(List.of("nine.test"), dns.ptr(InetAddress.ofLiteral("192.0.2.9")).records());
        assertEquals(List.of("nine.test"), dns.ptr(InetAddress.ofLiteral("2001:db8::9")).records());
    }

    @Test
    void textsAreJoined() {
        server.txt("long.test", "v=spf1 " + "x".repeat(400));
        assertEquals(407, dns.txt("long.test").records().getFirst().length());
    }

    @Test
    void manyQuestionsAtOnceAreAnswered() throws InterruptedException {
        var failures = new ConcurrentLinkedQueue<String>();
        var threads = new Thread[100];
        for (int i = 0; i < threads.length; i++) {
            server.a("h" + i + ".test", "192.0.2." + i);
            String host = "h" + i + ".test";
            threads[i] =
                    Thread.ofVirtual()
                            .start(() -> {
                                if (dns.addresses(host, Dns.Family.IPV4).records().size() != 1) {
                                    failures.add(host);
                                }
                            });
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(List.of(), List.copyOf(failures));
    }

    @Test
    void serversAreReadFromTextAndFile(@TempDir Path dir) throws IOException {
        assertEquals(
                List.of(
                        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 5353),
                        new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 53),
                        new InetSocketAddress(InetAddress.ofLiteral("::1"), 54),
                        new InetSocketAddress(InetAddress.ofLiteral("2001:db8::1"), 53)),
                DnsServers.parse(
                        List.of("127.0.0.1:5353", "192.0.2.1", "[::1]:54", "2001:db8::1")));
        Path file = dir.resolve("resolv.conf");
        Files.writeString(file, "# x\nsearch a.test\nnameserver 192.0.2.3\n nameserver ::1\n");
        assertEquals(
                List.of(
                        new InetSocketAddress(InetAddress.ofLiteral("192.0.2.3"), 53),
                        new InetSocketAddress(InetAddress.ofLiteral("::1"), 53)),
                DnsServers.ofResolvConf(file));
        assertEquals(1, DnsServers.ofResolvConf(dir.resolve("none")).size());
    }
}
