// SPDX-License-Identifier: Apache-2.0

package org.postino.cleanup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.ipc.IpcConnection;
import org.postino.kit.Await;
import org.postino.message.NewField;
import org.postino.queue.CleanupClient;
import org.postino.queue.CleanupResult;
import org.postino.queue.Envelope;
import org.postino.queue.MessageEdit;
import org.postino.queue.MessageEdit.AddField;
import org.postino.queue.MessageEdit.BodyPart;
import org.postino.queue.MessageEdit.ChangeField;
import org.postino.queue.MessageEdit.DeleteField;
import org.postino.queue.MessageEdit.InsertField;
import org.postino.queue.MessageEdit.NewBody;
import org.postino.queue.MessageEdit.OfMilter;

class EditTest {
    private static final String TO = "bob@example.org";
    private static final String MESSAGE =
            crlf(
                    """
                    Received: one
                    To: bob
                    X-A: first
                    \tfolded
                    Subject: s
                    x-a: second

                    body
                    """);

    @TempDir Path dir;

    @Test
    void fieldsComeInFrontAfterTheBodyWasSeen() throws Exception {
        assertEquals(
                "X-2: two\r\nX-1: one\r\n" + MESSAGE,
                edited(
                        MESSAGE,
                        MessageEdit.prepend(NewField.of("X-1", "one")),
                        MessageEdit.prepend(NewField.of("X-2", "two"))));
    }

    @Test
    void aFieldIsAddedBehindTheOthers() throws Exception {
        assertEquals(
                "To: bob\r\nX-1: one\r\nX-2:two\r\n\r\nbody\r\n",
                edited(
                        "To: bob\r\n\r\nbody\r\n",
                        new AddField(NewField.of("X-1", "one")),
                        new AddField(new NewField("X-2", "two"))));
    }

    @Test
    void theNthOfANameIsChangedOrRemoved() throws Exception {
        assertEquals(
                crlf(
                        """
                        Received: one
                        To: bob
                        Subject: s
                        X-A: new
                        \tline
                        X-B: added

                        body
                        """),
                edited(
                        MESSAGE,
                        new ChangeField(2, NewField.of("X-A", "new\nline")),
                        new DeleteField(1, "x-a"),
                        new DeleteField(7, "X-A"),
                        new ChangeField(1, NewField.of("X-B", "added"))));
    }

    @Test
    void aFieldIsPutWhereItShallStand() throws Exception {
        assertEquals(
                crlf(
                        """
                        Received: one
                        X-1: 1
                        To: bob
                        X-4: 4
                        Subject: s
                        X-9: 9

                        body
                        """),
                edited(
                        "Received: one\r\nTo: bob\r\nSubject: s\r\n\r\nbody\r\n",
                        new InsertField(1, NewField.of("X-1", "1")),
                        new InsertField(3, NewField.of("X-4", "4")),
                        new InsertField(99, NewField.of("X-9", "9"))));
    }

    @Test
    void aNewBodyComesInParts() throws Exception {
        assertEquals(
                "X-1: 1\r\nTo: bob\r\n\r\nnew\r\nbody\r\nlast\r\n",
                edited(
                        "To: bob\r\n\r\nold\r\n",
                        new NewBody(),
                        part("none"),
                        new NewBody(),
                        part("new\r"),
                        part("\nbo"),
                        MessageEdit.prepend(NewField.of("X-1", "1")),
                        part("dy\nlast")));
        assertEquals("To: bob\r\n\r\nx\r\n", edited("To: bob\r\n", part("x")));
        assertEquals("To: bob\r\n\r\n", edited("To: bob\r\n\r\nold\r\n", new NewBody()));
    }

    /// A field cannot end the header, nor bring a second one with it.
    @Test
    void aFieldStaysAField() throws Exception {
        assertEquals(
                "X: a\r\n\tEvil: b\r\n\tc\r\n\td\r\nTo: bob\r\n\r\nbody\r\n",
                edited(
                        "To: bob\r\n\r\nbody\r\n",
                        MessageEdit.prepend(NewField.of("X", "a\r\nEvil: b\r\n\r\nc\rd\n"))));
    }

    @Test
    void theSizeIsThatOfTheEditedMessage() throws Exception {
        try (var rig = new Rig(dir, Map.of())) {
            var result = submit(rig, Rig.from("a@x"), MESSAGE, new NewBody(), part("x"));
            var queued = (CleanupResult.Queued) result;
            assertEquals(rig.content(queued.id()).length(), queued.size());
            try (var file = rig.open(queued.id())) {
                assertEquals(queued.size(), file.contentLength());
            }
        }
    }

    @Test
    void whatEditsBringIsDeclaredToo() throws Exception {
        try (var rig = new Rig(dir, Map.of())) {
            var utf8 = Rig.from("a@x").with(Envelope.SMTPUTF8, Envelope.YES);
            var result =
                    submit(rig, utf8, MESSAGE, MessageEdit.prepend(NewField.of("X", "\u00e9")));
            try (var file = rig.open(Rig.queued(result))) {
                assertEquals("8bit", file.envelope().attribute(Envelope.ENCODING));
                assertEquals(Envelope.YES, file.envelope().attribute(Envelope.UTF8_HEADER));
            }
        }
    }

    @Test
    void whatGoesTooFarIsRefusedAndTheConnectionLives() throws Exception {
        var settings = Map.of("message_size_limit", "60000", "header_size_limit", "1000");
        try (var rig = new Rig(dir, settings)) {
            var many = new MessageEdit[MessageEditor.MOST_FIELDS + 1];
            Arrays.fill(many, MessageEdit.prepend(NewField.of("X", "x")));
            assertEquals(
                    "451 4.3.0 Error: message content cannot be changed",
                    Rig.refused(submit(rig, Rig.from("a@x"), MESSAGE, many)));
            assertEquals(
                    "451 4.3.0 Error: message content cannot be changed",
                    Rig.refused(
                            submit(
                                    rig,
                                    Rig.from("a@x"),
                                    MESSAGE,
                                    new AddField(NewField.of("X", "x".repeat(1000))))));
            assertEquals(
                    "552 5.3.4 Message size exceeds fixed limit",
                    Rig.refused(submit(rig, Rig.from("a@x"), MESSAGE, part("x".repeat(60_001)))));
            assertTrue(rig.incomingFiles().isEmpty());
            Rig.queued(submit(rig, Rig.from("a@x"), MESSAGE, part("y".repeat(50_000))));
        }
    }

    @Test
    void contentAfterAnEditBreaksTheProtocol() throws Exception {
        try (var rig = new Rig(dir, Map.of());
                var c = IpcConnection.connect(rig.socket, Duration.ofSeconds(20))) {
            Rig.begin(c);
            c.sendRecord(CleanupClient.CONTENT, new byte[10]);
            c.sendRecord(CleanupClient.EDIT, new NewBody().toBytes());
            c.sendRecord(CleanupClient.CONTENT, new byte[10]);
            c.flush();
            Await.until("the file to be gone", () -> rig.incomingFiles().isEmpty());
        }
    }

    /// Random edits, beside the same on a list of fields.
    @Test
    void editsDoWhatTheyDoToAListOfFields() throws Exception {
        var random = new Random(20_261_130);
        try (var rig = new Rig(dir, Map.of("undisclosed_recipients_header", ""))) {
            for (int round = 0; round < 200; round++) {
                var model = new Model();
                for (int n = random.nextInt(6); n > 0; n--) {
                    model.fields.add(field(random).strip() + "\r\n");
                }
                model.body = "x".repeat(random.nextInt(10) == 0 ? 70_000 : 10) + "\r\n";
                String content = String.join("", model.fields) + "\r\n" + model.body;
                var edits = new ArrayList<MessageEdit>();
                for (int n = 1 + random.nextInt(12); n > 0; n--) {
                    var edit = edit(random);
                    edits.add(edit);
                    model.apply(edit);
                }
                var result =
                        submit(rig, Rig.from("a@x"), content, edits.toArray(MessageEdit[]::new));
                assertEquals(model.text(), rig.content(Rig.queued(result)), edits::toString);
            }
        }
    }

    private static MessageEdit edit(Random random) {
        int number = random.nextInt(4);
        var field = NewField.of(name(random), value(random));
        return switch (random.nextInt(6)) {
            case 0 -> new InsertField(number, field);
            case 1 -> new AddField(field);
            case 2 -> new ChangeField(number + 1, field);
            case 3 -> new DeleteField(number + 1, name(random).toLowerCase(Locale.ROOT));
            case 4 -> new NewBody();
            default -> part("part " + "y".repeat(random.nextInt(40_000)) + "\r\n");
        };
    }

    private static String field(Random random) {
        return name(random) + ": " + value(random);
    }

    private static String name(Random random) {
        return "X-" + (char) ('A' + random.nextInt(3));
    }

    private static String value(Random random) {
        return "v" + random.nextInt(100) + (random.nextInt(4) == 0 ? "\r\n folded" : "");
    }

    /// A message in the simplest form.
    private static final class Model {
        final List<String> fields = new ArrayList<>();
        String body = "";
        private boolean replaced;

        void apply(MessageEdit edit) {
            switch (edit) {
                case InsertField(int at, NewField f) ->
                        fields.add(Math.min(at, fields.size()), text(f));
                case AddField(NewField f) -> fields.add(text(f));
                case ChangeField(int nth, NewField f) -> {
                    int at = find(nth, f.name());
                    if (at < 0) {
                        fields.add(text(f));
                    } else {
                        fields.set(at, text(f));
                    }
                }
                case DeleteField(int nth, String name) -> {
                    int at = find(nth, name);
                    if (at >= 0) {
                        fields.remove(at);
                    }
                }
                case OfMilter(MessageEdit inner) -> apply(inner);
                case NewBody() -> {
                    body = "";
                    replaced = true;
                }
                case BodyPart(byte[] bytes) -> {
                    body = (replaced ? body : "") + new String(bytes, StandardCharsets.ISO_8859_1);
                    replaced = true;
                }
            }
        }

        private int find(int nth, String name) {
            int left = nth;
            for (int i = 0; i < fields.size(); i++) {
                if (fields.get(i).toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT))
                        && --left == 0) {
                    return i;
                }
            }
            return -1;
        }

        private static String text(NewField field) {
            return new String(field.bytes(), StandardCharsets.ISO_8859_1);
        }

        String text() {
            return String.join("", fields) + "\r\n" + body;
        }
    }

    private static String crlf(String lines) {
        return lines.replace("\n", "\r\n");
    }

    private static MessageEdit part(String text) {
        return new BodyPart(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private String edited(String content, MessageEdit... edits) throws Exception {
        Path queue = Files.createTempDirectory(dir, "q");
        try (var rig = new Rig(queue, Map.of("undisclosed_recipients_header", ""))) {
            return rig.content(Rig.queued(submit(rig, Rig.from("a@x"), content, edits)));
        }
    }

    private static CleanupResult submit(
            Rig rig, Envelope envelope, String content, MessageEdit... edits) throws IOException {
        try (var submission = rig.client.open(envelope)) {
            submission.recipient(TO, TO, "", "");
            submission.content().write(content.getBytes(StandardCharsets.ISO_8859_1));
            for (MessageEdit edit : edits) {
                submission.edit(edit);
            }
            return submission.finish();
        }
    }
}
