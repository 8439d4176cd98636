// SPDX-License-Identifier: Apache-2.0

package org.postino.cleanup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postino.queue.CleanupClient;
import org.postino.queue.QueueId;
import org.postino.queue.ReceiveOverride;

class RecipientTest {
    private static final String MESSAGE = "Subject: x\r\n\r\n";

    @TempDir Path dir;

    @Test
    void recipientsAreCompletedAndDuplicatesRemoved() throws Exception {
        assertEquals(
                List.of("bob@mx.test", "carol@x.test"),
                queued(Map.of(), "bob", "carol@x.test", "Bob", "bob", "Carol@X.TEST"),
                "a duplicate has the same address and the same original");
    }

    @ParameterizedTest
    @CsvSource({
        "v.test!info,a@v.test",
        "info%v.test,a@v.test",
        "info%v.test@our.test,a@v.test",
        "info@v.test@our.test,a@v.test",
        "far@v.test,joe@x.test",
        "x.test!joe,joe@x.test",
        "joe%y.test@x.test,joe%y.test@x.test"
    })
    void aRecipientIsLookedUpAndQueuedAsItWillBeDelivered(String given, String queued)
            throws Exception {
        var maps =
                new HashMap<>(virtual("{ info@v.test = a@v.test }, { far@v.test = x.test!joe }"));
        maps.put("mydestination", "our.test");
        assertEquals(List.of(queued), queued(maps, given));
    }

    @Test
    void virtualAliasesAreFollowed() throws Exception {
        var maps = virtual("{ info@v.test = a@v.test, b@x.test }, { a@v.test = c@x.test }");
        assertEquals(List.of("c@x.test", "b@x.test"), queued(maps, "info@v.test"));
    }

    @Test
    void resultsOfTablesNeedNoCommas() throws Exception {
        for (String members :
                List.of("a@x.test b@x.test", "a@x.test; b@x.test", "A <a@x.test> B <b@x.test>")) {
            var maps = virtual("{ info@v.test = " + members + " }");
            assertEquals(List.of("a@x.test", "b@x.test"), queued(maps, "info@v.test"), members);
        }
    }

    @Test
    void aResultWithoutAnAddressDefersTheMessage() throws Exception {
        for (String table : List.of("virtual_alias_maps", "canonical_maps")) {
            var maps = Map.of(table, "inline:{ { info@v.test = (nobody) } }");
            try (var rig = new Rig(Files.createDirectory(dir.resolve(table)), maps)) {
                assertTrue(
                        Rig.refused(rig.submit(Rig.from("x@x"), MESSAGE, "info@v.test"))
                                .startsWith("451 "));
                assertTrue(rig.incomingFiles().isEmpty());
            }
        }
    }

    @Test
    void aFieldThatIsChangedGetsItsCommas() throws Exception {
        try (var rig = new Rig(dir, Map.of())) {
            QueueId id =
                    Rig.queued(
                            rig.submit(
                                    Rig.localFrom("alice"),
                                    "To: Bob <bob@x.test> carol@x.test alice\r\nCc: a@x.test b@x.test\r\n\r\n",
                                    "alice"));
            String content = rig.content(id);
            assertTrue(
                    content.startsWith(
                            "To: Bob <bob@x.test>, carol@x.test, alice@mx.test\r\nCc: a@x.test b@x.test\r\n"),
                    content);
        }
    }

    @Test
    void anAliasMayNameItself() throws Exception {
        var maps = virtual("{ bob@v.test = bob@v.test, copy@x.test }");
        assertEquals(List.of("bob@v.test", "copy@x.test"), queued(maps, "bob@v.test"));
    }

    @Test
    void aWholeDomainMayBeAnAlias() throws Exception {
        var maps = virtual("{ @v.test = @x.test }");
        assertEquals(List.of("bob@x.test"), queued(maps, "bob@v.test"));
    }

    @Test
    void anExtensionGoesAlong() throws Exception {
        var maps = new HashMap<>(virtual("{ bob@v.test = robert@x.test }"));
        maps.put("recipient_delimiter", "+");
        assertEquals(List.of("robert+news@x.test"), queued(maps, "bob+news@v.test"));
    }

    @Test
    void aliasesInACircleAreRefusedForNow() throws Exception {
        try (var rig = new Rig(dir, virtual("{ a@v.test = b@v.test }, { b@v.test = a@v.test }"))) {
            assertEquals(
                    "451 4.6.0 Alias expansion error",
                    Rig.refused(rig.submit(Rig.from("x@x"), MESSAGE, "a@v.test")));
            assertTrue(rig.incomingFiles().isEmpty());
        }
    }

    @Test
    void aTableThatCannotBeAskedDefersTheMessage() throws Exception {
        try (var rig = new Rig(dir, Map.of("virtual_alias_maps", "fail:broken"))) {
            assertEquals(
                    "451 4.3.0 Temporary lookup failure",
                    Rig.refused(rig.submit(Rig.from("x@x"), MESSAGE, "a@v.test")));
            assertTrue(rig.incomingFiles().isEmpty());
        }
    }

    @Test
    void canonicalAddressesReplaceOthersInEnvelopeAndHeader() throws Exception {
        var settings =
                Map.of(
                        "canonical_maps",
                        "inline:{ { alice@mx.test = Alice.Liddell@example.org } }");
        try (var rig = new Rig(dir, settings)) {
            QueueId id =
                    Rig.queued(
                            rig.submit(
                                    Rig.localFrom("alice"),
                                    "From: alice\r\nTo: alice, bob\r\n\r\n",
                                    "alice"));
            try (var file = rig.open(id)) {
                assertEquals("Alice.Liddell@example.org", file.envelope().sender());
                assertEquals("Alice.Liddell@example.org", file.recipients().getFirst().address());
                assertEquals("alice", file.recipients().getFirst().original());
            }
            assertTrue(
                    rig.content(id)
                            .startsWith(
                                    "From: Alice.Liddell@example.org\r\nTo: Alice.Liddell@example.org, bob@mx.test\r\n"));
        }
    }

    @Test
    void copiesAreSentInSecret() throws Exception {
        assertEquals(
                List.of("bob@x.test", "archive@mx.test"),
                queued(Map.of("always_bcc", "archive"), "bob@x.test"));
        assertEquals(
                List.of("bob@x.test", "watch@x.test"),
                queued(
                        Map.of("recipient_bcc_maps", "inline:{ bob@x.test=watch@x.test }"),
                        "bob@x.test"));
        assertEquals(
                List.of("bob@x.test", "boss@x.test"),
                queued(
                        Map.of("sender_bcc_maps", "inline:{ alice@x.test=boss@x.test }"),
                        "bob@x.test"));
    }

    /// Behind a content filter, the mappings were done in front of it.
    @Test
    void mappingsAreLeftOutWhereTheyWereDoneBefore() throws Exception {
        var settings =
                Map.of(
                        "canonical_maps", "inline:{ { alice@mx.test = other@example.org } }",
                        "virtual_alias_maps", "inline:{ { bob@mx.test = c@x.test d@x.test } }",
                        "always_bcc", "archive",
                        "sender_bcc_maps", "inline:{ alice@mx.test=boss@x.test }",
                        "recipient_bcc_maps", "inline:{ bob@mx.test=watch@x.test }");
        try (var rig = new Rig(dir, settings);
                var client =
                        new CleanupClient(
                                rig.socket,
                                Duration.ofSeconds(20),
                                Set.of(ReceiveOverride.NO_ADDRESS_MAPPINGS));
                var submission = client.open(Rig.localFrom("alice"))) {
            submission.recipient("bob", "", "", "");
            submission.content().write("From: alice\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            QueueId id = Rig.queued(submission.finish());
            assertEquals(List.of("bob@mx.test"), rig.recipients(id));
            assertTrue(rig.content(id).startsWith("From: alice@mx.test\r\n"), rig.content(id));
            try (var file = rig.open(id)) {
                assertEquals("alice@mx.test", file.envelope().sender());
            }
            assertEquals(
                    List.of("archive@mx.test", "c@x.test", "d@x.test", "watch@x.test"),
                    rig
                            .recipients(
                                    Rig.queued(
                                            rig.submit(
                                                    Rig.localFrom("carol"),
                                                    MESSAGE,
                                                    "bob@mx.test")))
                            .stream()
                            .sorted()
                            .toList());
        }
    }

    @Test
    void aMessageToNobodyIsRefused() throws Exception {
        try (var rig = new Rig(dir, Map.of())) {
            assertEquals(
                    "550 5.1.0 Error: no recipients specified",
                    Rig.refused(rig.submit(Rig.from("x@x"), MESSAGE)));
            assertTrue(rig.incomingFiles().isEmpty());
        }
    }

    private static Map<String, String> virtual(String table) {
        return Map.of("virtual_alias_maps", "inline:{ " + table + " }");
    }

    private List<String> queued(Map<String, String> settings, String... recipients)
            throws Exception {
        Path fresh = Files.createTempDirectory(dir, "r");
        try (var rig = new Rig(fresh, settings)) {
            return rig.recipients(
                    Rig.queued(rig.submit(Rig.from("alice@x.test"), MESSAGE, recipients)));
        }
    }
}
