// SPDX-License-Identifier: Apache-2.0

package org.postino.smtp;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postino.message.Address;

/// A command of SMTP as a value: parsed without I/O and without policy; a syntax error is a value too.
public sealed interface Command {
    /// The verb that was asked for, even if its arguments could not be read.
    Verb verb();

    /// The command as a client sends it, without CRLF.
    String print();

    /// Reads a command from a line.
    ///
    /// @param line the line without its line ending
    /// @param strict insist on RFC 5321's form of paths (`strict_rfc821_envelopes`)
    static Command parse(byte[] line, boolean strict) {
        return CommandParser.parse(line, strict);
    }

    record Helo(String name) implements Command {
        @Override
        public Verb verb() {
            return Verb.HELO;
        }

        @Override
        public String print() {
            return "HELO " + name;
        }
    }

    record Ehlo(String name) implements Command {
        @Override
        public Verb verb() {
            return Verb.EHLO;
        }

        @Override
        public String print() {
            return "EHLO " + name;
        }
    }

    record Lhlo(String name) implements Command {
        @Override
        public Verb verb() {
            return Verb.LHLO;
        }

        @Override
        public String print() {
            return "LHLO " + name;
        }
    }

    /// Opens a transaction; the sender may be [Address#NULL].
    record Mail(Address sender, MailParameters parameters) implements Command {
        @Override
        public Verb verb() {
            return Verb.MAIL;
        }

        @Override
        public String print() {
            return "MAIL FROM:" + sender.path() + parameters.print();
        }
    }

    record Rcpt(Address recipient, RcptParameters parameters) implements Command {
        @Override
        public Verb verb() {
            return Verb.RCPT;
        }

        @Override
        public String print() {
            return "RCPT TO:" + recipient.path() + parameters.print();
        }
    }

    /// A chunk of content of exactly `size` bytes follows (RFC 3030).
    record Bdat(long size, boolean last) implements Command {
        @Override
        public Verb verb() {
            return Verb.BDAT;
        }

        @Override
        public String print() {
            return "BDAT " + size + (last ? " LAST" : "");
        }
    }

    record Vrfy(Address mailbox) implements Command {
        @Override
        public Verb verb() {
            return Verb.VRFY;
        }

        @Override
        public String print() {
            String path = mailbox.path();
            return "VRFY " + path.substring(1, path.length() - 1);
        }
    }

    /// Starts authentication; `initial` is the initial response as sent: base64 or `=`, null if there was none.
    record Auth(String mechanism, @Nullable String initial) implements Command {
        @Override
        public Verb verb() {
            return Verb.AUTH;
        }

        @Override
        public String print() {
            return "AUTH " + mechanism + (initial == null ? "" : " " + initial);
        }

        /// Without the response, which may hold a password.
        @Override
        public String toString() {
            return "Auth[" + mechanism + "]";
        }
    }

    /// Tells what is known of the client that brought a message to the sender of this command (Postfix, XFORWARD_README).
    ///
    /// @param attributes words as they were sent, mostly `NAME=value`
    record Xforward(List<String> attributes) implements Command {
        @Override
        public Verb verb() {
            return Verb.XFORWARD;
        }

        @Override
        public String print() {
            return "XFORWARD " + String.join(" ", attributes);
        }
    }

    /// Tells which client is at the other end of the proxy that sends this command (Postfix, XCLIENT_README).
    ///
    /// @param attributes words as they were sent, mostly `NAME=value`
    record Xclient(List<String> attributes) implements Command {
        @Override
        public Verb verb() {
            return Verb.XCLIENT;
        }

        @Override
        public String print() {
            return "XCLIENT " + String.join(" ", attributes);
        }
    }

    /// The commands without arguments that matter.
    enum Plain implements Command {
        DATA(Verb.DATA),
        RSET(Verb.RSET),
        NOOP(Verb.NOOP),
        QUIT(Verb.QUIT),
        STARTTLS(Verb.STARTTLS),
        HELP(Verb.HELP);

        private final Verb verb;

        Plain(Verb verb) {
            this.verb = verb;
        }

        @Override
        public Verb verb() {
            return verb;
        }

        @Override
        public String print() {
            return verb.name();
        }
    }

    /// A command that could not be read (an unknown verb, or arguments against its grammar), with the reply to it.
    record Bad(Verb verb, Reply reply) implements Command {
        @Override
        public String print() {
            throw new IllegalStateException("a bad command has no printed form");
        }
    }
}
