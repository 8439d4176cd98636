// SPDX-License-Identifier: Apache-2.0

package org.postino.message;

import java.util.Locale;

/// A mail address in internal form: the local part without quotes, and the domain, which may be an address literal with its
/// brackets, or empty if there is none.
///
/// `"john doe"@a.test` on the wire is `john doe` and `a.test` here. What anybody wrote is an address of some kind; whether one may stand in
/// a command of SMTP is for its grammar to say.
public record Address(String localPart, String domain) {
    /// The null sender, `<>` on the wire.
    public static final Address NULL = new Address("", "");

    /// Splits the internal form at its last `@`; the empty text is the null sender.
    public static Address parse(String internal) {
        int at = internal.lastIndexOf('@');
        return at < 0
                ? new Address(internal, "")
                : new Address(internal.substring(0, at), internal.substring(at + 1));
    }

    public boolean isNull() {
        return localPart.isEmpty() && domain.isEmpty();
    }

    /// True if it needs no SMTPUTF8 (RFC 6531) to travel.
    public boolean isAscii() {
        return isAscii(localPart) && isAscii(domain);
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    /// The internal form: what tables, queue files and log lines use.
    @Override
    public String toString() {
        return domain.isEmpty() ? localPart : localPart + "@" + domain;
    }

    /// The form on the wire and in header fields: the local part is quoted where it must be (RFC 5321, 4.1.2).
    public String quoted() {
        String local = isDotString(localPart) ? localPart : quote(localPart);
        return domain.isEmpty() ? local : local + "@" + domain;
    }

    /// The path of SMTP commands: [#quoted()] in angle brackets, `<>` for the null sender.
    public String path() {
        return isNull() ? "<>" : "<" + quoted() + ">";
    }

    /// The internal form of an address in the form on the wire: quotes and backslashes in the local part are taken off.
    public static Address unquote(String external) {
        int at = lastAtOutsideQuotes(external);
        String local = at < 0 ? external : external.substring(0, at);
        return new Address(unquoteLocal(local), at < 0 ? "" : external.substring(at + 1));
    }

    private static int lastAtOutsideQuotes(String text) {
        int at = -1;
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == '@' && !quoted) {
                at = i;
            }
        }
        return at;
    }

    private static String unquoteLocal(String local) {
        var out = new StringBuilder(local.length());
        for (int i = 0; i < local.length(); i++) {
            char c = local.charAt(i);
            if (c == '\\' && i + 1 < local.length()) {
                out.append(local.charAt(++i));
            } else if (c != '"') {
                out.append(c);
            }
        }
        return out.toString();
    }

    /// True if the local part needs quotes on the wire.
    public boolean isQuoted() {
        return !isDotString(localPart);
    }

    /// True if a local part needs no quotes: atoms with single dots between them (RFC 5321, 4.1.2; RFC 6531, 3.3).
    public static boolean isDotString(String text) {
        boolean atom = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '.' ? !atom : !isAtext(c)) {
                return false;
            }
            atom = c != '.';
        }
        return atom;
    }

    private static boolean isAtext(char c) {
        return c > ' ' && (c < 0x7f ? "()<>[]:;@\\,\".".indexOf(c) < 0 : c >= 0xa0);
    }

    private static String quote(String text) {
        var out = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\');
            }
            out.append(c);
        }
        return out.append('"').toString();
    }

    /// The key under which tables know the address: lower case.
    public String key() {
        return toString().toLowerCase(Locale.ROOT);
    }

    /// The local part without its extension; `delimiters` are the characters of `recipient_delimiter`.
    public String user(String delimiters) {
        int at = extensionStart(localPart, delimiters);
        return at < 0 ? localPart : localPart.substring(0, at);
    }

    /// The extension behind the delimiter; empty if there is none.
    public String extension(String delimiters) {
        int at = extensionStart(localPart, delimiters);
        return at < 0 ? "" : localPart.substring(at + 1);
    }

    /// Index of the delimiter that begins the extension, or -1. Names that the system itself uses, such as `owner-list` or
    /// `MAILER-DAEMON`, have none.
    private static int extensionStart(String local, String delimiters) {
        if (delimiters.isEmpty() || special(local, delimiters)) {
            return -1;
        }
        for (int i = 1; i < local.length(); i++) {
            if (delimiters.indexOf(local.charAt(i)) >= 0) {
                return i;
            }
        }
        return -1;
    }

    private static boolean special(String local, String delimiters) {
        if (local.equalsIgnoreCase("mailer-daemon") || local.equalsIgnoreCase("double-bounce")) {
            return true;
        }
        String lower = local.toLowerCase(Locale.ROOT);
        return delimiters.indexOf('-') >= 0
                && (lower.startsWith("owner-") || lower.endsWith("-request"));
    }
}
