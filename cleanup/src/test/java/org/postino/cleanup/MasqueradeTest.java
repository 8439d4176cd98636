// SPDX-License-Identifier: Apache-2.0

package org.postino.cleanup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postino.queue.Envelope;
import org.postino.queue.QueueFile;
import org.postino.queue.QueueName;
import org.postino.queue.Recipient;

/// Addresses that are shown otherwise, as Postfix 3.7 does with the same parameters.
class MasqueradeTest {
    private static final Map<String, String> SETTINGS =
            Map.of(
                    "masquerade_domains",
                    "!gate.foo.test, foo.test, !!bar.test, x.y.baz.test baz.test",
                    "masquerade_exceptions",
                    "root",
                    "sender_canonical_maps",
                    "inline:{ {can@h.test=can@host.foo.test} }",
                    "append_dot_mydomain",
                    "yes");

    @TempDir Path dir;

    private Rig rig(String... more) throws Exception {
        var settings = new TreeMap<>(SETTINGS);
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return new Rig(Files.createTempDirectory(dir, "rig"), settings);
    }

    private static String from(Rig rig, Envelope e, String field) throws Exception {
        String stored =
                rig.stored(e, "From: " + field + "\r\nTo: <r@r.foo.test>\r\n\r\n", "b@out.test");
        return stored.substring("From: ".length(), stored.indexOf("\r\n"));
    }

    @ParameterizedTest
    @CsvSource({
        "u@host.foo.test, u@foo.test",
        "root@a.foo.test, root@a.foo.test",
        "u@gate.foo.test, u@gate.foo.test",
        "u@a.gate.foo.test, u@a.gate.foo.test",
        "u@foo.test, u@foo.test",
        "u@FOO.test, u@FOO.test",
        "u@A.FOO.test, u@foo.test",
        "v@q.bar.test, v@bar.test",
        "w@c.x.y.baz.test, w@x.y.baz.test",
        "w@xfoo.test, w@xfoo.test",
        "can@h, can@foo.test",
    })
    void hostsAreCutOff(String given, String shown) throws Exception {
        try (var rig = rig()) {
            assertEquals(shown, from(rig, Rig.localFrom("a@x.test"), given));
        }
    }

    @Test
    void theClassesSayWhichAddressesAreMeant() throws Exception {
        try (var rig = rig()) {
            assertEquals(List.of("u@foo.test", "c@host.foo.test"), envelope(rig));
        }
        try (var rig = rig("masquerade_classes", "envelope_recipient")) {
            assertEquals(List.of("u@host.foo.test", "c@foo.test"), envelope(rig));
            assertEquals("u@q.bar.test", from(rig, Rig.localFrom("a@x.test"), "u@q.bar.test"));
        }
    }

    private static List<String> envelope(Rig rig) throws Exception {
        var id = Rig.queued(rig.submit(Rig.from("u@host.foo.test"), "\r\n", "c@host.foo.test"));
        try (var file = QueueFile.open(rig.spool.path(QueueName.INCOMING, id), false)) {
            return List.of(
                    file.envelope().sender(),
                    file.recipients().stream().map(Recipient::address).findFirst().orElse(""));
        }
    }

    /// Mail from elsewhere is left alone unless its addresses are to be completed with a domain of its own.
    @Test
    void mailFromElsewhereHasADomainOfItsOwn() throws Exception {
        var stranger = Rig.from("a@x.test");
        try (var rig = rig()) {
            assertEquals("u@host.foo.test, bare", from(rig, stranger, "u@host.foo.test, bare"));
        }
        try (var rig = rig("remote_header_rewrite_domain", "domain.invalid")) {
            assertEquals(
                    "u@foo.test, bare@domain.invalid, x@host.domain.invalid",
                    from(rig, stranger, "u@host.foo.test, bare, x@host"));
            assertEquals("bare@mx.test", from(rig, Rig.localFrom("a@x.test"), "bare"));
            String stored = rig.stored(stranger, "To: <r@r.foo.test>\r\n\r\n", "b@out.test");
            assertTrue(stored.startsWith("To: <r@foo.test>\r\nMessage-Id: <"), stored);
            assertTrue(stored.contains("\r\nFrom: a@x.test\r\n"), stored);
        }
    }
}
