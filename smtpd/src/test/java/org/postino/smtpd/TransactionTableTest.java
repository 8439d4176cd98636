// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.Await;
import org.postino.kit.Wire;
import org.postino.smtp.Reply;

/// Plays `transaction-states.txt`: every command in every state of MAIL, RCPT, DATA and BDAT.
///
/// `state NAME` and, behind it, `COMMAND -> REPLY` for each command that leads there; then, behind a line `then`, each command that is
/// tried in that state, its reply, and, after `;`, the codes for two messages that a client sends behind it without waiting. The
/// second is always taken, unless the connection ends: no failure reaches beyond its message.
final class TransactionTableTest {
    private static final Path TABLE = Path.of("src/test/resources/transaction-states.txt");
    private static final List<String> MESSAGE =
            List.of("MAIL FROM:<a@b.test>", "RCPT TO:<bob@local.test>", "BDAT 3 LAST");

    @TempDir Path directory;

    private record Try(String command, String expected) {
        String reply() {
            int end = expected.indexOf(" ; ");
            return end < 0 ? expected : expected.substring(0, end);
        }
    }

    private static Map<String, List<List<Try>>> table() throws IOException {
        Map<String, List<List<Try>>> states = new LinkedHashMap<>();
        List<List<Try>> state = List.of();
        int part = 0;
        for (String line : Files.readAllLines(TABLE)) {
            if (line.startsWith("state ")) {
                state = List.of(new ArrayList<>(), new ArrayList<>());
                states.put(line.substring(6), state);
                part = 0;
            } else if (line.equals("then")) {
                part = 1;
            } else if (!line.isBlank() && !line.startsWith("#")) {
                int arrow = line.indexOf(" -> ");
                state.get(part).add(new Try(line.substring(0, arrow), line.substring(arrow + 4)));
            }
        }
        return states;
    }

    private void settings(SmtpdStage stage) {
        stage.param("smtpd_delay_reject", "no");
        stage.param("smtpd_hard_error_limit", "1000");
        stage.param("smtpd_sasl_auth_enable", "yes");
        stage.param("message_size_limit", "1000");
        stage.param("smtpd_helo_restrictions", "check_helo_access inline:{bad.test=reject}");
        stage.param("smtpd_sender_restrictions", "check_sender_access inline:{bad@b.test=reject}");
        stage.param(
                "smtpd_data_restrictions",
                "check_sender_access inline:{ {nodata@b.test=reject} {late@b.test=HOLD} }");
        stage.param(
                "smtpd_end_of_data_restrictions",
                "check_sender_access inline:{noend@b.test=reject}");
    }

    @Test
    void everyCommandInEveryStateLeavesTheNextMessageAlone() throws IOException {
        try (var stage = new SmtpdStage(directory)) {
            settings(stage);
            var wanted = new StringBuilder();
            var seen = new StringBuilder();
            for (var entry : table().entrySet()) {
                wanted.append("state ").append(entry.getKey()).append('\n');
                seen.append("state ").append(entry.getKey()).append('\n');
                for (Try last : entry.getValue().get(1)) {
                    wanted.append(last.command()).append(" -> ").append(last.expected());
                    wanted.append('\n');
                    seen.append(last.command()).append(" -> ");
                    seen.append(play(stage, entry.getValue().getFirst(), last)).append('\n');
                }
            }
            assertEquals(wanted.toString(), seen.toString());
            Await.until("sessions ended", () -> stage.server().sessions() == 0);
            assertEquals(0, stage.queue.open.get());
        }
    }

    private static String play(SmtpdStage stage, List<Try> way, Try last) throws IOException {
        try (var wire = new Wire(stage.connect())) {
            wire.line();
            for (Try step : way) {
                stage.queue.fault = FakeQueue.Fault.NONE;
                stage.queue.refusal = null;
                assertEquals(step.reply(), ask(stage, wire, step.command()), step.toString());
            }
            stage.queue.fault = FakeQueue.Fault.NONE;
            stage.queue.refusal = null;
            var seen = new StringBuilder(ask(stage, wire, last.command()));
            if (seen.toString().endsWith("closed")) {
                return seen.toString();
            }
            seen.append(" ;");
            for (int n = 0; n < 2; n++) {
                var ahead = new StringBuilder();
                MESSAGE.forEach(command -> ahead.append(bytes(command)));
                wire.send(ahead.toString());
                for (int i = 0; i < MESSAGE.size(); i++) {
                    seen.append(' ').append(code(wire));
                }
            }
            return seen.toString();
        }
    }

    private static String code(Wire wire) throws IOException {
        String reply = wire.line();
        return reply == null ? "closed" : reply.substring(0, 3);
    }

    /// The last line of the reply, without queue ids; two where content follows DATA. `!FAULT COMMAND` lets cleanup fail.
    private static String ask(SmtpdStage stage, Wire wire, String command) throws IOException {
        String plain = command;
        if (command.startsWith("!")) {
            int blank = command.indexOf(' ');
            String fault = command.substring(1, blank);
            plain = command.substring(blank + 1);
            if (fault.equals("REFUSED")) {
                stage.queue.refusal = Reply.of(554, 5, 4, 6, "Error: too many hops");
            } else {
                stage.queue.fault = FakeQueue.Fault.valueOf(fault);
            }
        }
        boolean data = plain.startsWith("DATA");
        wire.send(data ? "DATA\r\n" : bytes(plain));
        String reply = reply(wire);
        if (!data || !reply.startsWith("354")) {
            return reply;
        }
        int size = plain.equals("DATA") ? 3 : Integer.parseInt(plain.substring(5));
        wire.send("x".repeat(size) + "\r\n.\r\n");
        return "354, " + reply(wire);
    }

    private static String bytes(String command) {
        String[] words = command.split(" ");
        boolean chunk = words[0].equals("BDAT") && words.length > 1;
        return command + "\r\n" + (chunk ? "x".repeat(Integer.parseInt(words[1])) : "");
    }

    private static String reply(Wire wire) throws IOException {
        @Nullable String line = wire.line();
        while (line != null && line.length() > 3 && line.charAt(3) == '-') {
            line = wire.line();
        }
        if (line == null) {
            return "closed";
        }
        String text = line.replaceFirst("queued as .*", "queued");
        return line.startsWith("221") || line.startsWith("521") ? text + ", closed" : text;
    }
}
