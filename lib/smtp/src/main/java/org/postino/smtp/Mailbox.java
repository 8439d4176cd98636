// SPDX-License-Identifier: Apache-2.0

package org.postino.smtp;

import java.util.Optional;

/// An envelope address: local part without quotes, domain (perhaps an address literal with its brackets, perhaps empty).
///
/// `"john doe"@a.test` on the wire is `john doe` and `a.test` here. Neither part contains a control character.
public record Mailbox(String localPart, String domain) {
    /// The null sender, `<>`.
    public static final Mailbox NULL = new Mailbox("", "");

    /// Splits the internal form at its last `@`: `john doe@a.test`; the empty text is the null sender.
    public static Mailbox of(String internal) {
        int at = internal.lastIndexOf('@');
        return at < 0
                ? new Mailbox(internal, "")
                : new Mailbox(internal.substring(0, at), internal.substring(at + 1));
    }

    /// Reads what stands between the angle brackets of a path; a source route before the mailbox is dropped.
    ///
    /// Accepts what RFC 5321 allows, and a local part alone. The empty text is the null sender.
    public static Optional<Mailbox> parse(String text) {
        return PathParser.mailbox(text);
    }

    public boolean isNull() {
        return localPart.isEmpty() && domain.isEmpty();
    }

    /// Whether it needs SMTPUTF8 (RFC 6531) to travel.
    public boolean isAscii() {
        return isAscii(localPart) && isAscii(domain);
    }

    /// The internal form, without quotes: what tables, queue files and log lines use.
    @Override
    public String toString() {
        return domain.isEmpty() ? localPart : localPart + "@" + domain;
    }

    /// The path as it goes over the wire: angle brackets, the local part quoted if it must be.
    public String print() {
        String local = PathParser.isDotString(localPart) || isNull() ? localPart : quote(localPart);
        return domain.isEmpty() ? "<" + local + ">" : "<" + local + "@" + domain + ">";
    }

    private static String quote(String local) {
        var out = new StringBuilder("\"");
        for (int i = 0; i < local.length(); i++) {
            char c = local.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\');
            }
            out.append(c);
        }
        return out.append('"').toString();
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }
}
