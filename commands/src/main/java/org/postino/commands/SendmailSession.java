// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postino.commands.Cli.Io;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.log.Trace;
import org.postino.queue.Envelope;
import org.postino.queue.Recipient;
import org.postino.queue.Spool;
import org.postino.smtp.Command;
import org.postino.smtp.DotReader;
import org.postino.smtp.Replies;
import org.postino.smtp.Reply;
import org.postino.smtp.Verb;
import org.postino.util.ByteReader;
import org.postino.util.LineTooLongException;

/// `sendmail -bs`: SMTP on the standard streams, for programs that speak it to a pipe. Messages go into `maildrop` as any other
/// of a local user, so that it works while the suite is down.
final class SendmailSession {
    private static final int READ_AHEAD = 64 * 1024;
    private static final int LONGEST_LINE = 2048;

    private final Config config;
    private final ByteReader in;
    private final OutputStream out;
    private final Spool spool;
    private boolean greeted;
    private @Nullable Envelope envelope;
    private final List<Recipient> recipients = new ArrayList<>();

    SendmailSession(Config config, Io io) {
        this.config = config;
        this.in = new ByteReader(new NetworkLines(io.in()), READ_AHEAD);
        this.out = io.out();
        this.spool = new Spool(config);
    }

    int run() throws IOException {
        say(
                Reply.plain(
                        220,
                        config.get(MainParams.MYHOSTNAME)
                                + " ESMTP "
                                + config.get(MainParams.MAIL_NAME)));
        try {
            while (true) {
                Command command = next();
                say(answer(command));
                if (command == Command.Plain.QUIT) {
                    return 0;
                }
            }
        } catch (EOFException e) {
            return 0; // the program at the other end has gone
        }
    }

    private Command next() throws IOException {
        try {
            byte[] line = in.readLine(LONGEST_LINE);
            if (line.length == 0) {
                throw new EOFException();
            }
            int end = line.length;
            while (end > 0 && (line[end - 1] == '\n' || line[end - 1] == '\r')) {
                end--;
            }
            return Command.parse(Arrays.copyOf(line, end), false);
        } catch (LineTooLongException e) {
            return new Command.Bad(Verb.UNKNOWN, Replies.LINE_TOO_LONG);
        }
    }

    private Reply answer(Command command) throws IOException {
        return switch (command) {
            case Command.Bad(_, var reply) -> reply;
            case Command.Helo _ -> hello(List.of(config.get(MainParams.MYHOSTNAME)));
            case Command.Ehlo _ -> hello(capabilities());
            case Command.Mail _ when !greeted -> Replies.SEND_HELO_FIRST;
            case Command.Mail _ when envelope != null -> Replies.NESTED_MAIL;
            case Command.Mail mail -> mail(mail);
            case Command.Rcpt _ when envelope == null -> Replies.NEED_MAIL;
            case Command.Rcpt rcpt -> recipient(rcpt);
            case Command.Vrfy(var mailbox) -> Reply.of(252, 2, 0, 0, mailbox.toString());
            case Command.Lhlo _, Command.Bdat _, Command.Auth _ -> Replies.NOT_IMPLEMENTED;
            case Command.Xforward _, Command.Xclient _ -> Replies.NOT_IMPLEMENTED;
            case Command.Plain plain -> plain(plain);
        };
    }

    private Reply plain(Command.Plain command) throws IOException {
        return switch (command) {
            case DATA -> data();
            case RSET -> reset(Replies.OK);
            case NOOP -> Replies.OK;
            case QUIT -> Replies.BYE;
            case HELP -> Replies.HELP;
            case STARTTLS -> Replies.NOT_IMPLEMENTED;
        };
    }

    private Reply hello(List<String> lines) {
        greeted = true;
        return reset(new Reply(250, null, lines));
    }

    private List<String> capabilities() {
        return List.of(
                config.get(MainParams.MYHOSTNAME),
                "PIPELINING",
                "SIZE " + config.get(MainParams.MESSAGE_SIZE_LIMIT),
                "VRFY",
                "ENHANCEDSTATUSCODES",
                "8BITMIME",
                "DSN");
    }

    private Reply mail(Command.Mail mail) {
        long limit = config.get(MainParams.MESSAGE_SIZE_LIMIT);
        var parameters = mail.parameters();
        if (limit > 0 && parameters.size() > limit) {
            return Replies.SIZE_EXCEEDED;
        }
        var attributes = new LinkedHashMap<String, String>();
        if (parameters.body() != null) {
            attributes.put(
                    Envelope.ENCODING, parameters.body().word().equals("7BIT") ? "7bit" : "8bit");
        }
        if (parameters.ret() != null) {
            attributes.put(Envelope.RET, parameters.ret().name());
        }
        if (parameters.envid() != null) {
            attributes.put(Envelope.ENVID, parameters.envid());
        }
        String sender = mail.sender().toString();
        envelope = new Envelope(sender, Instant.now(), Trace.next(), attributes);
        return Replies.SENDER_OK;
    }

    private Reply recipient(Command.Rcpt rcpt) {
        String address = rcpt.recipient().toString();
        if (address.isEmpty()) {
            return Replies.BAD_RECIPIENT;
        }
        if (recipients.size() == MaildropFile.MAX_RECIPIENTS) {
            return Replies.TOO_MANY_RECIPIENTS;
        }
        String orcpt = rcpt.parameters().orcpt();
        recipients.add(
                Recipient.of(
                        address,
                        address,
                        rcpt.parameters().notifyText(),
                        orcpt == null ? "" : orcpt));
        return Replies.RECIPIENT_OK;
    }

    private Reply data() throws IOException {
        Envelope from = envelope;
        if (from == null) {
            return Replies.NEED_MAIL;
        }
        if (recipients.isEmpty()) {
            return Replies.NEED_RCPT;
        }
        say(Replies.START_DATA);
        var dots = new DotReader();
        try (var drop = new MaildropFile(spool, from, config.get(MainParams.MESSAGE_SIZE_LIMIT))) {
            for (Recipient r : recipients) {
                drop.recipient(r);
            }
            drop.beginContent();
            var content = new Patient(drop.content());
            dots.transfer(in, content);
            IOException problem = content.problem;
            if (problem != null) {
                throw problem;
            }
            drop.endContent();
            var id = drop.commit(spool);
            MaildropFile.knock(config);
            return reset(Replies.queued(id.text()));
        } catch (EOFException e) {
            throw e;
        } catch (MaildropFile.TooBigException e) {
            return reset(Replies.MESSAGE_TOO_BIG);
        } catch (IOException e) {
            return reset(Replies.QUEUE_WRITE_ERROR);
        }
    }

    /// A stream that keeps the first failure to itself. So the message is read to its end, and the next command is found behind it.
    private static final class Patient extends OutputStream {
        private final OutputStream to;
        private @Nullable IOException problem;

        Patient(OutputStream to) {
            this.to = to;
        }

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            if (problem != null) {
                return;
            }
            try {
                to.write(bytes, offset, length);
            } catch (IOException e) {
                problem = e;
            }
        }
    }

    /// Turns text with LF, as shells and scripts write it, into SMTP's text with CRLF.
    private static final class NetworkLines extends InputStream {
        private final InputStream in;
        private final byte[] read = new byte[READ_AHEAD / 2];
        private int last;

        NetworkLines(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            throw new IOException("read in pieces only");
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int n = in.read(read, 0, Math.min(length / 2, read.length));
            int at = offset;
            for (int i = 0; i < n; i++) {
                if (read[i] == '\n' && last != '\r') {
                    into[at++] = '\r';
                }
                into[at++] = read[i];
                last = read[i];
            }
            return n < 0 ? -1 : at - offset;
        }
    }

    private Reply reset(Reply reply) {
        envelope = null;
        recipients.clear();
        return reply;
    }

    private void say(Reply reply) throws IOException {
        out.write(reply.print().getBytes(StandardCharsets.UTF_8));
        out.flush();
    }
}
