// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.message.NewField;
import org.postino.queue.MessageEdit;
import org.postino.server.Connection;
import org.postino.server.ServerDialer;
import org.postino.smtp.Reply;
import org.postino.suite.ScannerParams;
import org.postino.util.Printable;

/// Has ClamAV's clamd look at messages, and refuses, quarantines or discards those in which it finds something. Belongs to one session.
///
/// The content goes to clamd as it arrives (`zINSTREAM`): pieces with their length before them, the last of length 0. The answer is `stream: OK`,
/// `stream: NAME FOUND` or a text that ends in `ERROR`, and a NUL.
final class ClamdInspector implements Inspector {
    private static final Reply TEMPORARY =
            Reply.of(451, 4, 7, 1, "Service unavailable - try again later");
    private static final byte[] COMMAND = "zINSTREAM\0".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_ANSWER = 1000;
    private static final String FORGED = "x-virus-scanned";

    private final Settings settings;
    private @Nullable Connection connection;
    private @Nullable String trouble;
    private long sent;
    private ForgedFields forged = new ForgedFields(FORGED);

    /// The part that all sessions share.
    private record Settings(
            ScannerServers servers,
            Duration limit,
            long size,
            String action,
            boolean defers,
            String hostname) {}

    private ClamdInspector(Settings settings) {
        this.settings = settings;
    }

    /// Inspectors by main.cf.
    static Source source(Config config, ServerDialer dialer) {
        Duration limit = config.get(ScannerParams.SMTPD_CLAMD_TIME_LIMIT);
        var settings =
                new Settings(
                        new ScannerServers(
                                config, ScannerParams.SMTPD_CLAMD_SERVERS, dialer, limit),
                        limit,
                        config.get(ScannerParams.SMTPD_CLAMD_SIZE_LIMIT),
                        config.get(ScannerParams.SMTPD_CLAMD_ACTION),
                        config.get(ScannerParams.SMTPD_CLAMD_DEFAULT_ACTION).equals("tempfail"),
                        config.get(MainParams.MYHOSTNAME));
        return (_, _) -> new ClamdInspector(settings);
    }

    @Override
    public void inspect(Inspection at) {
        switch (at.stage()) {
            case END_OF_MESSAGE -> end(at);
            case MAIL -> close();
            case CONNECT, HELO, ETRN, RCPT, DATA, END_OF_HEADER -> {}
        }
    }

    @Override
    public @Nullable ContentListener content() {
        close();
        trouble = null;
        sent = 0;
        forged = new ForgedFields(FORGED);
        try {
            Connection c = settings.servers().connect();
            connection = c;
            c.deadline(settings.limit());
            c.out().write(COMMAND);
            c.deadline(Duration.ZERO);
        } catch (IOException e) {
            failed(e);
        }
        return this::content;
    }

    private void content(byte[] bytes, int from, int length) {
        forged.content(bytes, from, length);
        Connection c = connection;
        int part = (int) Math.min(length, settings.size() - sent);
        if (c == null || part <= 0) {
            return;
        }
        try {
            c.deadline(settings.limit());
            OutputStream out = c.out();
            number(out, part);
            out.write(bytes, from, part);
            c.deadline(Duration.ZERO); // the time until the next part is the client's
            sent += part;
        } catch (IOException e) {
            failed(e);
        }
    }

    private static void number(OutputStream out, int number) throws IOException {
        for (int shift = 24; shift >= 0; shift -= 8) {
            out.write(number >> shift);
        }
    }

    private void failed(IOException e) {
        trouble = Printable.text(String.valueOf(e.getMessage()));
        close();
    }

    private void end(Inspection at) {
        forged.names()
                .forEach(name -> at.act(new Action.Edit(new MessageEdit.DeleteField(1, name))));
        String answer = at.isDiscarded() ? "" : answer();
        close();
        if (at.isDiscarded()) {
            return;
        }
        if (answer.endsWith(" FOUND")) {
            String name = answer.replaceFirst("^stream: ", "").replaceFirst(" FOUND$", "");
            found(at, Printable.ascii(name, 200));
        } else if (answer.endsWith(": OK")) {
            String text = "clamd at " + settings.hostname();
            at.act(new Action.Edit(MessageEdit.prepend(NewField.of("X-Virus-Scanned", text))));
        } else {
            at.warning("clamd: " + (trouble == null ? Printable.text(answer) : trouble));
            if (settings.defers()) {
                at.act(new Action.Refuse(TEMPORARY));
            }
        }
    }

    private void found(Inspection at, String name) {
        switch (settings.action()) {
            case "quarantine" -> at.act(new Action.Quarantine("virus found: " + name));
            case "discard" -> at.act(new Action.Discard("virus found: " + name));
            default ->
                    at.act(
                            new Action.Refuse(
                                    Reply.of(550, 5, 7, 1, "Message contains a virus: " + name)));
        }
    }

    /// The answer of clamd to the whole; empty if there is none.
    private String answer() {
        Connection c = connection;
        if (c == null) {
            return "";
        }
        try {
            c.deadline(settings.limit());
            number(c.out(), 0);
            c.out().flush();
            var text = new StringBuilder();
            for (int b = c.in().read(); b > 0 && text.length() < MAX_ANSWER; b = c.in().read()) {
                text.append((char) b);
            }
            return text.toString().strip();
        } catch (IOException e) {
            failed(e);
            return "";
        }
    }

    @Override
    public void close() {
        Connection c = connection;
        connection = null;
        if (c != null) {
            try {
                c.close();
            } catch (IOException e) {
                // it is gone, as it shall be
            }
        }
    }
}
