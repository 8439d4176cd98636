// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.FakeDns;
import org.postino.kit.Wire;

/// What is asked of DNS lists, and how often.
final class DnsListsTest {
    @TempDir Path directory;

    @Test
    void addressesAreTurnedAround() {
        assertEquals("4.3.2.1", DnsLists.reversed(InetAddress.ofLiteral("1.2.3.4")));
        assertEquals(
                "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2",
                DnsLists.reversed(InetAddress.ofLiteral("2001:db8::1")));
    }

    /// A name server that fails is asked once in a session, though the DNS client remembers no failures.
    @Test
    void aSessionAsksAListOnce() throws IOException {
        try (var dns = FakeDns.start();
                var stage = new SmtpdStage(directory)) {
            dns.servfail("1.0.0.127.broken.test");
            stage.param("dns_servers", dns.address());
            stage.param("smtpd_recipient_restrictions", "reject_rbl_client broken.test, reject");
            try (var wire = new Wire(stage.connect())) {
                wire.line();
                wire.ask("HELO x");
                wire.ask("MAIL FROM:<a@b.test>");
                wire.ask("RCPT TO:<bob@local.test>");
                long asked = count(dns.questions());
                assertTrue(asked > 0);
                wire.ask("RCPT TO:<alice@local.test>");
                assertEquals(asked, count(dns.questions()));
            }
            String line = "warning: 1.0.0.127.broken.test: RBL lookup error: ";
            assertEquals(1, stage.log().stream().filter(l -> l.startsWith(line)).count());
        }
    }

    private static long count(List<String> questions) {
        return questions.stream().filter(q -> q.contains("broken.test")).count();
    }
}
