// SPDX-License-Identifier: Apache-2.0

package org.postino.cleanup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.message.EncodedWords;
import org.postino.queue.Envelope;
import org.postino.queue.QueueId;

class HeaderTest {
    private static final String TO = "bob@example.org";

    @TempDir Path dir;

    @Test
    void aMessageFromElsewhereIsStoredAsItCame() throws Exception {
        try (var rig = new Rig(dir, Map.of())) {
            String message =
                    "Received: by x\r\nSubject: a\r\n\tb\r\nTo: bob\r\n\r\nbody\r\n\r\n.dot\r\n";
            assertEquals(message, rig.stored(Rig.from("alice@x.test"), message, TO));
            assertTrue(rig.log.stream().anyMatch(l -> l.endsWith(": message-id=<>")));
        }
    }

    @Test
    void aLocalMessageGetsTheFieldsItLacks() throws Exception {
        try (var rig = new Rig(dir, Map.of())) {
            Envelope e = Rig.localFrom("alice").with(Envelope.FULL_NAME, "Alice \"Al\" Liddell");
            QueueId id = Rig.queued(rig.submit(e, "Subject: hi\r\n\r\nbody\r\n", TO));
            assertEquals(
                    "Subject: hi\r\n"
                            + "Message-Id: <20260102030405."
                            + id
                            + "@mx.test>\r\n"
                            + "Date: Fri, 2 Jan 2026 03:04:05 +0000 (UTC)\r\n"
                            + "From: \"Alice \\\"Al\\\" Liddell\" <alice@mx.test>\r\n"
                            + "\r\nbody\r\n",
                    rig.content(id)
                            .replaceAll(
                                    "(?m)^Date: .*05 .*\r$",
                                    "Date: Fri, 2 Jan 2026 03:04:05 +0000 (UTC)\r"));
            assertTrue(rig.log.contains(id + ": message-id=<20260102030405." + id + "@mx.test>"));
        }
    }

    @Test
    void aFullNameOutsideAsciiIsEncoded() throws Exception {
        try (var rig = new Rig(dir, Map.of())) {
            String name = "Jörg Müller-Lüdenscheidt von der Öffentlichen Übung 😀";
            Envelope e = Rig.localFrom("joerg").with(Envelope.FULL_NAME, name);
            String stored = rig.stored(e, "Subject: hi\r\n\r\nbody\r\n", TO);
            int from = stored.indexOf("\r\nFrom: ") + 8;
            String field = stored.substring(from, stored.indexOf("\r\n\r\n"));
            assertTrue(field.startsWith("=?utf-8?B?"), field);
            assertTrue(stored.lines().allMatch(line -> line.length() <= 78), stored);
            assertEquals(name + " <joerg@mx.test>", EncodedWords.decode(field.replace("\r\n", "")));
        }
    }

    @Test
    void anAddressThatNothingClosesEndsWithItsField() throws Exception {
        try (var rig = new Rig(dir, Map.of())) {
            for (String open : List.of("\"unclosed bob", "bob [x", "bob <x", "bob (x", "bob \\")) {
                String stored =
                        rig.stored(
                                Rig.localFrom("alice@mx.test"),
                                "Cc: alice, " + open + "\r\nTo: dave\r\nSubject: hi\r\n\r\n",
                                TO);
                assertTrue(stored.contains("\r\nTo: dave@mx.test\r\nSubject: hi\r\n"), stored);
                String last = "Subject: hi\r\nTo: dave, " + open + "\r\n\r\n";
                assertTrue(
                        rig.stored(Rig.localFrom("alice@mx.test"), last, TO)
                                .contains("\r\nMessage-Id: <"),
                        open);
            }
        }
    }

    @Test
    void aMessageFromNobodyIsFromTheMailer() throws Exception {
        try (var rig = new Rig(dir, Map.of())) {
            assertTrue(
                    rig.stored(Rig.localFrom(""), "Subject: hi\r\n\r\n", TO)
                            .contains("\r\nFrom: MAILER-DAEMON\r\n"));
        }
    }

    @Test
    void aResentMessageGetsResentFields() throws Exception {
        try (var rig = new Rig(dir, Map.of())) {
            String stored =
                    rig.stored(
                            Rig.localFrom("alice@mx.test"),
                            "Message-Id: <1@x>\r\nResent-To: bob@x.test\r\n\r\n",
                            TO);
            assertTrue(stored.contains("\r\nResent-Message-Id: <"), stored);
            assertTrue(stored.contains("\r\nResent-Date: "), stored);
            assertTrue(stored.contains("\r\nResent-From: alice@mx.test\r\n"), stored);
            assertFalse(stored.contains("\r\nDate: "), stored);
        }
    }

    @Test
    void hiddenRecipientsAreRemoved() throws Exception {
        try (var rig = new Rig(dir, Map.of())) {
            assertEquals(
                    "To: a@x.test\r\n\r\nbody\r\n",
                    rig.stored(
                            Rig.from("alice@x.test"),
                            "Return-Path: <x>\r\nBCC: secret@x.test,\r\n other@x.test\r\nTo: a@x.test\r\n\r\nbody\r\n",
                            TO));
        }
    }

    @Test
    void addressesOfALocalMessageAreCompleted() throws Exception {
        try (var rig = new Rig(dir, Map.of())) {
            String stored =
                    rig.stored(
                            Rig.localFrom("alice"),
                            "From: Alice <alice>\r\nTo: bob (Bob),\r\n \"C D\" <c@d.test>\r\n\r\n",
                            TO);
            assertTrue(stored.startsWith("From: Alice <alice@mx.test>\r\n"), stored);
            assertTrue(
                    stored.contains("To: bob@mx.test (Bob),\r\n \"C D\" <c@d.test>\r\n"), stored);
        }
    }

    @Test
    void addressesBehindTheLimitAreLeftOut() throws Exception {
        try (var rig = new Rig(dir, Map.of("header_address_token_limit", "6"))) {
            Envelope e = Rig.localFrom("alice");
            for (String[] pair :
                    new String[][] {
                        {"a, b, c, d", "a@mx.test, b@mx.test, c@mx.test"},
                        {"a, b, c", "a@mx.test, b@mx.test, c@mx.test"},
                        {"a (1 2 3), b, c,\r\n d", "a@mx.test (1 2 3), b@mx.test, c@mx.test"},
                        {"a, b@c.test, d", "a@mx.test"},
                        {"a, bb <b@x.test>, c", "a@mx.test"},
                        {"a@x.test, b@x.test, c@x.test", "a@x.test, b@x.test, c@x.test"},
                    }) {
                String stored = rig.stored(e, "To: " + pair[0] + "\r\nX: y\r\n\r\n", TO);
                assertTrue(stored.startsWith("To: " + pair[1] + "\r\nX: y\r\n"), stored);
                stored = rig.stored(Rig.from("a@x.test"), "To: " + pair[0] + "\r\n\r\n", TO);
                assertEquals("To: " + pair[0] + "\r\n\r\n", stored);
            }
        }
    }

    @Test
    void whatIsNoFieldEndsTheHeader() throws Exception {
        try (var rig = new Rig(dir, Map.of())) {
            assertEquals(
                    "Subject: x\r\n\r\nno field here\r\nmore\r\n",
                    rig.stored(
                            Rig.from("a@x.test"), "Subject: x\r\nno field here\r\nmore\r\n", TO));
            assertEquals(
                    "\r\nbody only\r\n", rig.stored(Rig.from("a@x.test"), "body only\r\n", TO));
            assertEquals(
                    "\r\n leading blank\r\n",
                    rig.stored(Rig.from("a@x.test"), " leading blank\r\n", TO));
        }
    }

    @Test
    void theLastLineIsEnded() throws Exception {
        try (var rig = new Rig(dir, Map.of())) {
            assertEquals("S: x\r\n\r\ncut\r\n", rig.stored(Rig.from("a@x"), "S: x\r\n\r\ncut", TO));
            assertEquals("S: x\r\n", rig.stored(Rig.from("a@x"), "S: x", TO));
            assertEquals("", rig.stored(Rig.from("a@x"), "", TO));
        }
    }

    @Test
    void aFieldThatIsTooLongIsCut() throws Exception {
        try (var rig = new Rig(dir, Map.of("header_size_limit", "200"))) {
            String longLine = "X-Long: " + "x".repeat(1000) + "\r\n";
            String stored =
                    rig.stored(
                            Rig.from("a@x.test"),
                            longLine
                                    + " folded\r\n"
                                    + "Subject: s\r\n"
                                    + "X-Fold: y\r\n"
                                    + (" " + "z".repeat(80) + "\r\n").repeat(10)
                                    + "\r\nbody\r\n",
                            TO);
            assertTrue(stored.startsWith("X-Long: xxx"), stored);
            assertTrue(stored.indexOf("\r\n") <= 200, stored);
            assertTrue(stored.contains("\r\nSubject: s\r\nX-Fold: y\r\n z"), stored);
            assertTrue(stored.endsWith("z\r\n\r\nbody\r\n"), stored);
            assertTrue(stored.length() < 600, stored);
        }
    }

    @Test
    void binaryRubbishIsABody() throws Exception {
        try (var rig = new Rig(dir, Map.of())) {
            String rubbish = "\0\1\2".repeat(100_000);
            assertEquals("\r\n" + rubbish + "\r\n", rig.stored(Rig.from("a@x.test"), rubbish, TO));
        }
    }

    @Test
    void aMessageThatTravelsInCirclesIsRefused() throws Exception {
        try (var rig = new Rig(dir, Map.of("hopcount_limit", "3"))) {
            String hop = "Received: from a by b\r\n";
            Rig.queued(rig.submit(Rig.from("a@x"), hop.repeat(3) + "\r\n", TO));
            assertEquals(
                    "554 5.4.6 Error: too many hops",
                    Rig.refused(rig.submit(Rig.from("a@x"), hop.repeat(4) + "\r\n", TO)));
        }
    }
}
