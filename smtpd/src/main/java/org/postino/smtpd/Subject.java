// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postino.smtp.EnhancedStatus;
import org.postino.smtp.Reply;
import org.postino.tls.TlsSession;
import org.postino.util.Printable;

/// The thing that a refusal names: `<bob@a.test>: Recipient address rejected: ...`.
record Subject(Kind kind, String name) {
    /// The lists of restrictions, and what they are about.
    enum Kind {
        CLIENT("Client host"),
        /// By the name that is perhaps not confirmed.
        REVERSE_CLIENT("Unverified Client host"),
        CERTIFICATE("Client certificate"),
        HELO("Helo command"),
        ETRN("Etrn command"),
        SENDER("Sender address"),
        RECIPIENT("Recipient address"),
        DATA("Data command"),
        END_OF_DATA("End-of-data");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    private static String certificateName(@Nullable TlsSession tls) {
        var certificate = tls == null ? null : tls.peer().certificate();
        return certificate == null ? "" : certificate.name();
    }

    static Subject of(Kind kind, Facts facts) {
        var sender = facts.sender();
        var recipient = facts.recipient();
        return new Subject(
                kind,
                switch (kind) {
                    case CLIENT -> facts.client().toString();
                    case REVERSE_CLIENT -> facts.client().named().reverse();
                    case ETRN -> facts.etrnDomain() == null ? "" : facts.etrnDomain();
                    case CERTIFICATE -> certificateName(facts.tls());
                    case HELO -> facts.helo() == null ? "" : facts.helo();
                    case SENDER -> sender == null ? "" : sender.toString();
                    case RECIPIENT -> recipient == null ? "" : recipient.toString();
                    case DATA -> "DATA";
                    case END_OF_DATA -> "END-OF-MESSAGE";
                });
    }

    /// `554 5.7.1 <NAME>: Recipient address rejected: TEXT`; the status gets the class of the code.
    Verdict refuse(int code, EnhancedStatus status, String text) {
        String line =
                "<"
                        + Printable.text(name)
                        + ">: "
                        + kind.words()
                        + " rejected: "
                        + Printable.text(text);
        return new Action.Refuse(new Reply(code, status.withSeverity(code / 100), List.of(line)));
    }

    Verdict refuse(int code, int subject, int detail, String text) {
        return refuse(code, new EnhancedStatus(code / 100, subject, detail), text);
    }

    /// `<NAME>: Recipient address triggers HOLD action`.
    String triggers(String what) {
        return "<" + name + ">: " + kind.words() + " triggers " + what;
    }
}
