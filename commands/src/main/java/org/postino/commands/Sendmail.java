// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postino.commands.Cli.Io;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.log.Trace;
import org.postino.message.AddressList;
import org.postino.queue.Envelope;
import org.postino.queue.Recipient;
import org.postino.queue.Spool;
import org.postino.table.MatchList;
import org.postino.table.TableException;
import org.postino.table.Tables;
import org.postino.util.ByteNames;
import org.postino.util.ByteReader;

/// sendmail(1): takes mail from programs and people on this machine. Manual page: `sendmail.1`.
public final class Sendmail {
    private static final String SYNOPSIS =
            "usage: sendmail [-bm | -bs | -bp | -bi | -bv] [-t] [-i] [-f sender] [-F name] [option ...]"
                    + " [recipient ...]";

    /// The message that stands for one when addresses are looked up.
    private static final byte[] PROBE = "Subject: probe\n\n".getBytes(StandardCharsets.US_ASCII);

    private static final int USAGE = 64;
    private static final int DATA_ERROR = 65;
    private static final int NO_PERMISSION = 77;
    private static final int TEMPORARY = 75;
    private static final int READ_AHEAD = 64 * 1024;

    private final Io io;
    private final SendmailOptions options;
    private final Map<String, String> environment;
    private final Consumer<String> leftOut = new LeftOut();
    private @Nullable Caller caller;

    private Sendmail(Io io, SendmailOptions options, Map<String, String> environment) {
        this.io = io;
        this.options = options;
        this.environment = environment;
    }

    public static void main(String[] args) {
        Exit.with(
                run(
                        new Io("sendmail", System.out, System.err, System.in),
                        System.getenv(),
                        ByteNames.texts(args)));
    }

    /// Runs the command on these streams; returns the exit status, in the numbers of sysexits.h.
    static int run(Io io, Map<String, String> environment, String... args) {
        if (Cli.asksForHelp(args)) {
            io.out().println(SYNOPSIS);
            io.out().flush();
            return 0;
        }
        SendmailOptions options;
        try {
            options = SendmailOptions.parse(args);
        } catch (IllegalArgumentException e) {
            return fatal(io, USAGE, String.valueOf(e.getMessage()));
        }
        try {
            return new Sendmail(io, options, environment).run();
        } catch (CommandFailure e) {
            e.lines().forEach(line -> fatal(io, TEMPORARY, line));
            return TEMPORARY;
        } catch (IOException e) {
            return fatal(io, TEMPORARY, Cli.reason(e));
        } finally {
            io.out().flush();
        }
    }

    private int run() throws CommandFailure, IOException {
        return switch (options.mode) {
            case ALIASES -> Cli.run(io, new Newaliases(), configurationOption());
            case LIST -> queue("-p");
            case FLUSH -> flush();
            case MAIL, LOOK_UP, SMTP -> withConfiguration();
        };
    }

    private String[] configurationOption() {
        Path path = options.configuration;
        return path == null ? new String[0] : new String[] {"-c", ByteNames.text(path)};
    }

    private int withConfiguration() throws CommandFailure, IOException {
        Config config = Cli.load(Cli.directory(options.configuration));
        if (!maySubmit(config)) {
            return fatal(io, NO_PERMISSION, "User " + caller() + " is not allowed to submit mail");
        }
        return options.mode == SendmailOptions.Mode.SMTP
                ? new SendmailSession(config, io).run()
                : mail(config);
    }

    private int flush() {
        if (!options.flushSite.isEmpty()) {
            return queue("-s", options.flushSite);
        }
        return options.flushId.isEmpty() ? queue("-f") : queue("-i", options.flushId);
    }

    private int queue(String... request) {
        var arguments = new ArrayList<>(List.of(configurationOption()));
        arguments.addAll(List.of(request));
        return Postqueue.run(arguments.toArray(String[]::new), io.out(), io.err());
    }

    private int mail(Config config) throws IOException {
        var spool = new Spool(config);
        if (options.recipients.isEmpty() && !options.extract) {
            return fatal(
                    io,
                    USAGE,
                    "Recipient addresses must be specified on the command line or via the -t"
                            + " option");
        }
        try (var drop =
                new MaildropFile(spool, envelope(), config.get(MainParams.MESSAGE_SIZE_LIMIT))) {
            for (String argument : options.recipients) {
                var list = AddressList.parse(argument);
                if (list.entries().isEmpty() && !argument.isBlank()) {
                    return fatal(io, USAGE, caller() + ": no address in recipient: " + argument);
                }
                for (String text : list.leftOut()) {
                    leftOut.accept(text);
                }
                add(drop, list.addresses());
            }
            var header = new HeaderRecipients(leftOut);
            drop.beginContent();
            if (options.mode == SendmailOptions.Mode.LOOK_UP && !options.extract) {
                drop.content().write(PROBE);
            } else {
                copy(drop, header);
            }
            drop.endContent();
            if (options.extract) {
                add(drop, header.recipients());
            }
            if (drop.recipients() == 0) {
                return fatal(
                        io, USAGE, caller() + ": No recipient addresses found in message header");
            }
            drop.commit(spool);
        } catch (MaildropFile.TooBigException e) {
            return fatal(io, DATA_ERROR, caller() + ": message file too big");
        } catch (MaildropFile.TooManyRecipientsException | HeaderRecipients.TooLongException e) {
            return fatal(io, DATA_ERROR, caller() + ": " + e.getMessage());
        } catch (IOException e) {
            return fatal(io, TEMPORARY, caller() + ": queue file write error: " + Cli.reason(e));
        }
        MaildropFile.knock(config);
        if (!report().isEmpty()) {
            io.out().println("Mail Delivery Status Report will be mailed to <" + sender() + ">.");
        }
        return 0;
    }

    /// Warns of texts that are not taken as recipients. It is a class, as the first lambda of a process would cost more than the
    /// message.
    private final class LeftOut implements Consumer<String> {
        @Override
        public void accept(String text) {
            io.warn("not taken as a recipient: " + text);
        }
    }

    private void add(MaildropFile drop, List<String> addresses) throws IOException {
        for (String address : addresses) {
            drop.recipient(Recipient.of(address, address, options.dsnNotify, ""));
        }
    }

    /// Copies the message from the standard input, up to a line with only a dot unless `-i` was given.
    private void copy(MaildropFile drop, HeaderRecipients header) throws IOException {
        InputStream input = io.in();
        var in = new ByteReader(input, READ_AHEAD);
        boolean first = true;
        for (byte[] line = in.readLine(Integer.MAX_VALUE);
                line.length > 0;
                line = in.readLine(Integer.MAX_VALUE)) {
            if (!options.ignoreDots && isDot(line)) {
                return;
            }
            if (first && isMailboxSeparator(line)) {
                continue;
            }
            first = false;
            if (options.extract && !header.ended()) {
                header.content(line);
            }
            drop.content().write(line);
        }
    }

    private static boolean isDot(byte[] line) {
        return line[0] == '.'
                && (line.length == 1
                        || line[1] == '\n'
                        || (line[1] == '\r' && line.length == 3 && line[2] == '\n'));
    }

    /// True for `From alice Mon ...` and `>From ...`: programs that read mailbox files send this line along.
    private static boolean isMailboxSeparator(byte[] line) {
        int start = line[0] == '>' ? 1 : 0;
        byte[] from = {'F', 'r', 'o', 'm', ' '};
        if (line.length < start + from.length) {
            return false;
        }
        for (int i = 0; i < from.length; i++) {
            if (line[start + i] != from[i]) {
                return false;
            }
        }
        return true;
    }

    private Envelope envelope() throws IOException {
        var attributes = new LinkedHashMap<String, String>();
        put(attributes, Envelope.FULL_NAME, fullName());
        put(attributes, Envelope.ENCODING, options.encoding);
        put(attributes, Envelope.RET, options.ret);
        put(attributes, Envelope.ENVID, options.envid);
        put(attributes, Envelope.REPORT, report());
        return new Envelope(sender(), Instant.now(), Trace.next(), attributes);
    }

    /// The report that the sender wants, as the envelope has it; empty if nothing but the usual.
    private String report() {
        if (options.mode == SendmailOptions.Mode.LOOK_UP) {
            return Envelope.LOOKED_UP;
        }
        return options.report ? Envelope.DELIVERED : "";
    }

    private static void put(Map<String, String> attributes, String name, String value) {
        if (!value.isEmpty()) {
            attributes.put(name, value);
        }
    }

    private String sender() throws IOException {
        String given = options.sender;
        if (given == null) {
            return caller().name();
        }
        var list = AddressList.parse(given);
        if (list.entries().size() > 1 || !list.leftOut().isEmpty()) {
            io.warn("-f option specified malformed sender: " + given);
        }
        return list.entries().isEmpty() ? "" : list.addresses().getFirst();
    }

    private String fullName() throws IOException {
        if (!options.fullName.isEmpty()) {
            return options.fullName;
        }
        String name = ByteNames.text(environment.getOrDefault("NAME", ""));
        return name.isEmpty() ? caller().fullName() : name;
    }

    private Caller caller() throws IOException {
        if (caller == null) {
            caller = Caller.find();
        }
        return caller;
    }

    private boolean maySubmit(Config config) throws CommandFailure, IOException {
        try {
            return MatchList.strings(
                            config.get(MainParams.AUTHORIZED_SUBMIT_USERS), new Tables(config))
                    .matches(caller().name());
        } catch (TableException e) {
            throw new CommandFailure("authorized_submit_users: " + e.getMessage(), e);
        }
    }

    private static int fatal(Io io, int status, String text) {
        io.err().println("sendmail: fatal: " + text);
        return status;
    }
}
