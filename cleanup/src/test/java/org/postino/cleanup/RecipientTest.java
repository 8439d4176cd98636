// SPDX-License-Identifier: Apache-2.0

package org.postino.cleanup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postino.queue.QueueId;

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
