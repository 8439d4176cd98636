// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.postino.queue.XforwardCommands;
import org.postino.server.Connection;
import org.postino.smtp.Command;
import org.postino.smtp.DotWriter;
import org.postino.smtp.Features;
import org.postino.smtp.Replies;
import org.postino.smtp.Reply;
import org.postino.smtp.ReplyFormatException;
import org.postino.smtp.ReplyReader;
import org.postino.util.Printable;

/// The conversation with a filter about one message. Owned by the session's thread.
///
/// The filter has the time limit for each reply, and for taking what we send.
final class FilterConnection implements Closeable {
    private static final int LONGEST = 100;

    private final Connection connection;
    private final String name;
    private final Duration timeout;
    private final boolean marked;
    private final ReplyReader replies;
    private final DotWriter dots;
    private Features features = new Features("", Map.of());
    private boolean broken;

    /// Set from DATA to the end of the content, in which no command can be sent.
    private boolean midway;

    /// The filter does not take the message: it said so, or the conversation broke off.
    static final class FailedException extends IOException {
        private static final long serialVersionUID = 1;

        private final transient Reply reply;

        FailedException(Reply reply, String why) {
            super(why);
            this.reply = reply;
        }

        /// The conversation broke off: the client shall come again.
        static FailedException broken(String why) {
            return new FailedException(Replies.QUEUE_WRITE_ERROR, why);
        }

        /// The reply for the client.
        Reply reply() {
            return reply;
        }
    }

    /// @param name of the filter, for the log
    FilterConnection(Connection connection, String name, Duration timeout, boolean marked) {
        this.connection = connection;
        this.name = name;
        this.timeout = timeout;
        this.marked = marked;
        replies = new ReplyReader(connection.in());
        dots = new DotWriter(new Timed());
    }

    /// Talks up to the sender; closes the connection if the filter does not want the message.
    ///
    /// @param attributes of the message's envelope, which tell who brought it
    void begin(String ehlo, Map<String, String> attributes, Command.Mail mail)
            throws FailedException {
        boolean begun = false;
        try {
            want(2, "greeting", reply());
            String hello = "EHLO " + ehlo;
            Reply announced = want(2, hello, command(hello));
            features = Features.parse(announced, List.of());
            var told = new XforwardCommands(features.words("XFORWARD"), attributes, "");
            for (Command one : told.commands()) {
                want(2, one.print(), command(one.print()));
            }
            String from = mail(mail);
            want(2, from, command(from));
            begun = true;
        } finally {
            if (!begun) {
                close();
            }
        }
    }

    /// Offers a recipient.
    void recipient(Command.Rcpt rcpt) throws FailedException {
        boolean dsn = features.has("DSN");
        String line = "RCPT TO:" + rcpt.recipient().path() + (dsn ? rcpt.parameters().print() : "");
        want(2, line, command(line));
    }

    /// Asks for leave to send the content.
    void data() throws FailedException {
        want(3, "DATA", command("DATA"));
        midway = true;
    }

    /// Takes the content, and doubles dots.
    OutputStream content() {
        return dots;
    }

    /// Ends the content; what the filter says of the message, which is a refusal or begins with 2.
    Reply finish() throws FailedException {
        try {
            dots.finish();
            Reply reply = reply();
            midway = false;
            return reply.code() / 100 == 3 ? want(2, "end of data", reply) : reply;
        } catch (FailedException e) {
            throw e;
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /// The sender with those of the client's parameters that the filter understands.
    ///
    /// @throws FailedException it lacks an extension without which the message must not go on
    private String mail(Command.Mail mail) throws FailedException {
        var given = mail.parameters();
        var line = new StringBuilder("MAIL FROM:").append(mail.sender().path());
        if (given.size() >= 0 && features.has("SIZE")) {
            line.append(" SIZE=").append(given.size());
        }
        var body = given.body();
        if (body != null && features.has("8BITMIME")) {
            line.append(" BODY=").append(body.word());
        }
        if (given.smtputf8()) {
            line.append(" SMTPUTF8"); // without it the addresses cannot be right
        }
        var ret = given.ret();
        if (ret != null && features.has("DSN")) {
            line.append(" RET=").append(ret);
        }
        String envid = given.envid();
        if (envid != null && features.has("DSN")) {
            line.append(" ENVID=").append(envid);
        }
        String auth = given.auth();
        if (auth != null && features.has("AUTH")) {
            line.append(" AUTH=").append(auth);
        }
        if (given.requireTls()) {
            if (features.has("REQUIRETLS")) {
                line.append(" REQUIRETLS");
            } else if (!marked) { // RFC 8689, 4.2.1
                throw new FailedException(
                        Replies.REQUIRETLS_NEEDED, "proxy " + name + " does not offer REQUIRETLS");
            }
        }
        return line.toString();
    }

    private Reply command(String line) throws FailedException {
        try {
            connection.deadline(timeout);
            connection.out().write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
            return reply();
        } catch (FailedException e) {
            throw e;
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private Reply reply() throws FailedException {
        try {
            connection.deadline(timeout);
            connection.out().flush();
            Reply reply = replies.read();
            connection.deadline(Duration.ZERO);
            return reply;
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /// The reply if it begins with that digit.
    ///
    /// @throws FailedException it does not; with the reply for the client
    private Reply want(int digit, String what, Reply reply) throws FailedException {
        if (reply.code() / 100 == digit) {
            return reply;
        }
        throw new FailedException(
                reply.code() < 400 ? Replies.QUEUE_WRITE_ERROR : reply,
                "proxy "
                        + name
                        + " rejected \""
                        + Printable.text(what, LONGEST)
                        + "\": \""
                        + reply
                        + "\"");
    }

    private FailedException failed(IOException e) {
        broken = true;
        return FailedException.broken(
                switch (e) {
                    case SocketTimeoutException _ -> "timeout talking to proxy " + name;
                    case ReplyFormatException _ ->
                            "received garbage from proxy " + name + ": " + e.getMessage();
                    case EOFException _ -> "lost connection with proxy " + name;
                    default -> "lost connection with proxy " + name;
                });
    }

    /// Says QUIT, where that can be said, without making anybody wait for the filter.
    @Override
    public void close() {
        Thread.ofVirtual().start(this::end);
    }

    private void end() {
        try (connection) {
            if (!broken && !midway) {
                connection.deadline(Duration.ofSeconds(1));
                connection.out().write("QUIT\r\n".getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException e) {
            // the filter has gone before us
        }
    }

    /// Limits the time of each piece of content.
    private final class Timed extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            try {
                connection.deadline(timeout);
                connection.out().write(bytes, from, length);
                connection.deadline(Duration.ZERO);
            } catch (IOException e) {
                throw failed(e);
            }
        }
    }
}
