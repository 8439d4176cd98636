// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpclient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postino.config.Config;
import org.postino.kit.Await;
import org.postino.log.EventLog;
import org.postino.tls.SelfSigned;
import org.postino.tls.TlsParams;
import org.postino.tls.TlsServer;

/// A server that asks for certificates: it says with whom it speaks in the log.
@Timeout(30)
class ClientCertificateTest {
    @TempDir Path dir;
    private Lab lab;
    private TlsServer server;
    private final List<TlsServer.Secured> sessions = new CopyOnWriteArrayList<>();

    @BeforeEach
    void start() throws IOException {
        lab = Lab.start(dir);
        lab.dns().mx("single.test", 10, "one.test");
        var config =
                Config.of(
                        Map.of(
                                "smtpd_tls_chain_files",
                                pem("one.test").toString(),
                                "smtpd_tls_ask_ccert",
                                "yes",
                                "smtpd_tls_CAfile",
                                pem("me.test").toString()),
                        TlsParams.ALL);
        server = TlsServer.of(config, false, null).askingClients(config, false);
        lab.one().on("EHLO", "250-fake.test\r\n250 STARTTLS").on("STARTTLS", "220 go");
        lab.one().tls(server, sessions::add);
        lab.set("smtp_tls_security_level", "encrypt");
    }

    @AfterEach
    void stop() throws IOException {
        lab.close();
    }

    private Path pem(String name) throws IOException {
        Path file = dir.resolve(name + ".pem");
        Files.writeString(file, SelfSigned.pem(name, List.of(), Clock.systemUTC()));
        return file;
    }

    private String deliver() throws Exception {
        return lab.deliver("single.test", "a@dest.test").getFirst();
    }

    @Test
    void aServerThatAsksIsShownOurCertificate() throws Exception {
        assertTrue(deliver().startsWith("sent "));
        assertEquals("Anonymous", sessions.getLast().session().trust().toString());
        Path own = dir.resolve("me.test.pem");
        for (String names :
                List.of("smtp_tls_chain_files", "smtp_tls_cert_file", "smtp_tls_eccert_file")) {
            lab.set(names, own.toString());
            assertTrue(deliver().startsWith("sent "));
            assertEquals("Trusted", sessions.getLast().session().trust().toString(), names);
            lab.unset(names);
        }
    }

    @Test
    void withoutTheCertificateWhatNeedsTlsWaits() throws Exception {
        lab.set("smtp_tls_chain_files", dir.resolve("none.pem").toString());
        String result = deliver();
        assertTrue(result.startsWith("deferred "), result);
        assertTrue(result.contains("4.7.5"), result);
        lab.set("smtp_tls_security_level", "may");
        assertTrue(deliver().startsWith("sent "));
        assertEquals("Anonymous", sessions.getLast().session().trust().toString());
    }

    @Test
    void offersAreNotedWhereNoTlsIsWanted() throws Exception {
        lab.set("smtp_tls_security_level", "none");
        lab.set("smtp_tls_note_starttls_offer", "yes");
        List<String> log = new CopyOnWriteArrayList<>();
        try (var _ = EventLog.listen(e -> log.add(e.text()))) {
            assertTrue(deliver().startsWith("sent "));
            Await.until("the note", () -> log.contains("Host offered STARTTLS: [one.test]"));
        }
    }
}
