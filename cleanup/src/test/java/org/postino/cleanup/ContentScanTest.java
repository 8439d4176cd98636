// SPDX-License-Identifier: Apache-2.0

package org.postino.cleanup;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.queue.Envelope;

/// The content of a message counts, not only what the client declared.
class ContentScanTest {
    private static final String UTF8 = "Subject: \u00c3\u00bc\r\n\r\nbody\r\n";

    @TempDir Path dir;

    private static Envelope client() {
        return Rig.from("a@x.test").with(Envelope.CLIENT_ADDRESS, "192.0.2.1");
    }

    private static Envelope sendmail() {
        return Rig.localFrom("a@x.test").with(Envelope.SOURCE, "sendmail");
    }

    private static String found(Rig rig, Envelope e, String message) throws Exception {
        try (var file = rig.open(Rig.queued(rig.submit(e, message, "b@x.test")))) {
            Envelope stored = file.envelope();
            return stored.attribute(Envelope.ENCODING)
                    + " "
                    + stored.attribute(Envelope.UTF8_HEADER);
        }
    }

    @Test
    void eightBitContentIsNotedWhoeverSendsIt() throws Exception {
        String body = "Subject: a\r\n\r\n" + "x".repeat(100_000) + "\u00fc\r\n";
        try (var rig = new Rig(dir, Map.of())) {
            assertEquals("8bit ", found(rig, client(), body));
            assertEquals("8bit ", found(rig, client().with(Envelope.ENCODING, "7bit"), body));
            assertEquals("8bit ", found(rig, sendmail(), body));
            assertEquals(" ", found(rig, client(), "Subject: a\r\n\r\nb\r\n"));
            assertEquals(
                    "8bit ",
                    found(
                            rig,
                            client().with(Envelope.ENCODING, "8bit"),
                            "Subject: a\r\n\r\nb\r\n"));
        }
    }

    @Test
    void aHeaderInUtf8CountsWhereItIsMeant() throws Exception {
        try (var rig = new Rig(dir, Map.of())) {
            assertEquals("8bit ", found(rig, client(), UTF8));
            assertEquals(
                    "8bit yes", found(rig, client().with(Envelope.SMTPUTF8, Envelope.YES), UTF8));
            assertEquals("8bit yes", found(rig, sendmail(), UTF8));
            assertEquals("8bit ", found(rig, sendmail(), "Subject: \u00fc\r\n\r\nbody\r\n"));
            assertEquals("8bit ", found(rig, sendmail(), "Subject: a\r\n\r\n\u00c3\u00bc\r\n"));
            assertEquals("8bit ", found(rig, Rig.from("").with(Envelope.SOURCE, "bounce"), UTF8));
        }
    }

    @Test
    void theClassesAreUpToTheAdministrator() throws Exception {
        try (var rig = new Rig(dir, Map.of("smtputf8_autodetect_classes", "smtpd"))) {
            assertEquals("8bit yes", found(rig, client(), UTF8));
            assertEquals("8bit ", found(rig, sendmail(), UTF8));
        }
    }

    private static String tls(Rig rig, Envelope e, String header) throws Exception {
        var id = Rig.queued(rig.submit(e, header + "\r\n\r\nTLS-Required: No\r\n", "b@x.test"));
        try (var file = rig.open(id)) {
            return file.envelope().attribute(Envelope.TLS_OPTIONAL);
        }
    }

    @Test
    void whoPrefersDeliveryToTlsSaysSoInTheHeader() throws Exception {
        try (var rig = new Rig(dir, Map.of())) {
            assertEquals("yes", tls(rig, client(), "TLS-Required: No"));
            assertEquals("yes", tls(rig, sendmail(), "Subject: a\r\ntls-required:\r\n no "));
            for (String other : List.of("Subject: a", "TLS-Required: yes", "TLS-Required: none")) {
                assertEquals("", tls(rig, client(), other), other);
            }
            var strict = client().with(Envelope.REQUIRETLS, Envelope.YES);
            assertEquals("", tls(rig, strict, "TLS-Required: No"));
            assertEquals("", tls(rig, client(), "TLS-Required: No\r\nRequire-TLS-ESMTP: yes"));
        }
    }

    private static String required(Rig rig, Envelope e, String header) throws Exception {
        var id =
                Rig.queued(
                        rig.submit(e, header + "\r\n\r\nRequire-TLS-ESMTP: yes\r\n", "b@x.test"));
        try (var file = rig.open(id)) {
            String text = rig.content(id);
            return file.envelope().attribute(Envelope.REQUIRETLS)
                    + "|"
                    + text.substring(0, text.indexOf("\r\n\r\n"));
        }
    }

    /// As Postfix 3.11 was seen to do it.
    @Test
    void aFieldStandsForRequireTls() throws Exception {
        Envelope strict = client().with(Envelope.REQUIRETLS, Envelope.YES);
        try (var rig = new Rig(dir, Map.of())) {
            for (String header :
                    List.of("A: b\r\nRequire-TLS-ESMTP: yes", "require-tls-esmtp:  YES\r\nA: b")) {
                assertEquals("yes|" + header, required(rig, client(), header));
                assertEquals("yes|" + header, required(rig, strict, header));
            }
            for (String header :
                    List.of("A: b", "Require-TLS-ESMTP: no", "Require-TLS-ESMTP: yes (x)")) {
                assertEquals("|" + header, required(rig, client(), header));
                assertEquals(
                        "yes|" + header + "\r\nRequire-TLS-ESMTP: yes",
                        required(rig, strict, header));
            }
        }
        for (String off : List.of("requiretls_esmtp_header", "requiretls_enable")) {
            try (var rig = new Rig(dir.resolve(off), Map.of(off, "no"))) {
                String header = "Require-TLS-ESMTP: yes";
                assertEquals("|" + header, required(rig, client(), header));
                assertEquals("yes|A: b", required(rig, strict, "A: b"));
            }
        }
    }
}
