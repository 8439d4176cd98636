// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.message.Address;
import org.postino.message.MailDate;
import org.postino.message.NewField;
import org.postino.queue.MessageEdit;
import org.postino.routing.Networks;
import org.postino.server.Connection;
import org.postino.server.ServerDialer;
import org.postino.smtp.Reply;
import org.postino.suite.ScannerParams;
import org.postino.table.TableException;
import org.postino.util.Printable;

/// Has spamd look at messages of strangers, and marks, holds or refuses them by its score. Belongs to one session.
///
/// The message is in memory up to `smtpd_spamd_size_limit`, as far as there is room for those of all sessions, and spamd sees it when it is whole: spamd serves few at a time, and none of them shall wait
/// for a slow client. It sees a Received: field of ours first, as it judges who has sent the message by that.
final class SpamdInspector implements Inspector {
    private static final Reply TEMPORARY =
            Reply.of(451, 4, 7, 1, "Service unavailable - try again later");
    private static final int MAX_RULES = 800;

    private final Settings settings;
    private boolean exempt;
    private @Nullable ByteArrayOutputStream content;
    private long held;
    private boolean starved;
    private ForgedFields forged = new ForgedFields(Settings.PREFIX);

    /// The part that all sessions share.
    private record Settings(
            ScannerServers servers,
            Networks mynetworks,
            Duration limit,
            int size,
            boolean defers,
            String user,
            long hold,
            long reject,
            String hostname,
            HeldMemory memory,
            Clock clock) {
        static final String PREFIX = "x-spam-";
    }

    private SpamdInspector(Settings settings) {
        this.settings = settings;
    }

    /// Inspectors by main.cf.
    static Source source(Config config, ServerDialer dialer, Clock clock) {
        long size = config.get(ScannerParams.SMTPD_SPAMD_SIZE_LIMIT);
        Supplier<Inspector> each = each(config, dialer, HeldMemory.ofMachine(size), clock);
        return (_, _) -> each.get();
    }

    /// @param memory for the messages of all sessions
    static Supplier<Inspector> each(
            Config config, ServerDialer dialer, HeldMemory memory, Clock clock) {
        Duration limit = config.get(ScannerParams.SMTPD_SPAMD_TIME_LIMIT);
        var settings =
                new Settings(
                        new ScannerServers(
                                config, ScannerParams.SMTPD_SPAMD_SERVERS, dialer, limit),
                        Networks.mynetworks(config),
                        limit,
                        config.get(ScannerParams.SMTPD_SPAMD_SIZE_LIMIT).intValue(),
                        config.get(ScannerParams.SMTPD_SPAMD_DEFAULT_ACTION).equals("tempfail"),
                        config.get(ScannerParams.SMTPD_SPAMD_USER),
                        config.get(ScannerParams.SMTPD_SPAMD_HOLD_SCORE),
                        config.get(ScannerParams.SMTPD_SPAMD_REJECT_SCORE),
                        config.get(MainParams.MYHOSTNAME),
                        memory,
                        clock);
        return () -> new SpamdInspector(settings);
    }

    @Override
    public void inspect(Inspection at) {
        switch (at.stage()) {
            case DATA -> exempt = isExempt(at);
            case END_OF_MESSAGE -> {
                if (!exempt) {
                    end(at);
                }
                release();
            }
            case CONNECT, HELO, ETRN, MAIL, RCPT, END_OF_HEADER -> {}
        }
    }

    @Override
    public void messageEnded() {
        release();
    }

    @Override
    public void close() {
        release();
    }

    private void release() {
        content = null;
        settings.memory().giveBack(held);
        held = 0;
    }

    private boolean isExempt(Inspection at) {
        InetAddress client = at.facts().client().address();
        try {
            return at.facts().login() != null
                    || client == null
                    || settings.mynetworks().contains(at.facts().client().name(), client);
        } catch (TableException e) {
            at.warning(String.valueOf(e.getMessage()));
            return false;
        }
    }

    @Override
    public @Nullable ContentListener content() {
        if (exempt) {
            return null;
        }
        release();
        starved = false;
        content = new ByteArrayOutputStream();
        forged = new ForgedFields(Settings.PREFIX);
        return this::content;
    }

    private void content(byte[] bytes, int from, int length) {
        forged.content(bytes, from, length);
        ByteArrayOutputStream kept = content;
        if (kept == null) {
            return;
        }
        boolean fits = kept.size() + length <= settings.size();
        if (fits && settings.memory().take(length, held)) {
            held += length;
            kept.write(bytes, from, length);
        } else {
            starved = fits; // or else it is too large to be looked at
            release();
        }
    }

    private void end(Inspection at) {
        forged.names()
                .forEach(name -> at.act(new Action.Edit(new MessageEdit.DeleteField(1, name))));
        ByteArrayOutputStream kept = content;
        if (starved && !at.isDiscarded()) {
            failed(at, "no memory is left for the message");
        }
        if (kept == null || at.isDiscarded()) {
            return;
        }
        try (Connection connection = settings.servers().connect()) {
            var opinion =
                    Spamd.ask(
                            connection, user(at.facts()), head(at.facts()), kept, settings.limit());
            judge(at, opinion);
        } catch (IOException e) {
            failed(at, String.valueOf(e.getMessage()));
        }
    }

    private void failed(Inspection at, String why) {
        at.warning("spamd: " + Printable.text(why));
        if (settings.defers()) {
            at.act(new Action.Refuse(TEMPORARY));
        }
    }

    private void judge(Inspection at, Spamd.Opinion opinion) {
        String score = "score=" + opinion.score() + " required=" + opinion.required();
        if (settings.reject() > 0 && opinion.points() >= settings.reject()) {
            String text = "Message looks like spam (score " + opinion.score() + ")";
            at.act(new Action.Refuse(Reply.of(550, 5, 7, 1, text)));
            return;
        }
        if (settings.hold() > 0 && opinion.points() >= settings.hold()) {
            at.act(new Action.Quarantine("spam, " + score));
        }
        String rules = opinion.rules();
        String cut = rules.length() > MAX_RULES ? rules.substring(0, MAX_RULES) : rules;
        add(
                at,
                "X-Spam-Status",
                (opinion.spam() ? "Yes, " : "No, ")
                        + score
                        + "\r\n\ttests="
                        + (cut.isEmpty() ? "none" : cut.replace(",", ",\r\n\t  ")));
        add(at, "X-Spam-Score", opinion.score());
        if (opinion.spam()) {
            add(at, "X-Spam-Flag", "YES");
        }
    }

    private static void add(Inspection at, String name, String text) {
        at.act(new Action.Edit(MessageEdit.prepend(NewField.of(name, text))));
    }

    private String user(Facts facts) {
        Address recipient = facts.recipient();
        boolean each = settings.user().equals("recipient");
        String user = each ? recipient == null ? "" : recipient.toString() : settings.user();
        return user.matches("[!-~]{1,200}") ? user : "";
    }

    /// A Received: field such as the message will have.
    private byte[] head(Facts facts) {
        String helo = facts.helo();
        return ("Received: from "
                        + Printable.without("<>()\\\"; ", helo == null ? "unknown" : helo, 200)
                        + " ("
                        + facts.client().name()
                        + " ["
                        + facts.client().literal()
                        + "])\r\n\tby "
                        + settings.hostname()
                        + " (Postino) with "
                        + facts.protocol()
                        + " id "
                        + facts.queueId()
                        + ";\r\n\t"
                        + MailDate.print(settings.clock().instant(), ZoneId.systemDefault())
                        + "\r\n")
                .getBytes(StandardCharsets.UTF_8);
    }
}
