// SPDX-License-Identifier: Apache-2.0

package org.postino.pop3d;

import java.util.Locale;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.postino.util.Printable;

/// A command of RFC 1939 and its extensions, parsed; no policy here.
sealed interface Command {
    /// The commands without arguments.
    enum Plain implements Command {
        CAPA,
        STAT,
        RSET,
        NOOP,
        QUIT,
        STLS,
        AUTH_LIST,
        LIST_ALL,
        UIDL_ALL,
        LAST,
        UTF8,
        LANG_LIST
    }

    record User(String name) implements Command {}

    record Pass(String password) implements Command {
        @Override
        public String toString() {
            return "Pass";
        }
    }

    /// AUTH with a mechanism.
    ///
    /// @param initialResponse base64 as given, or `=` for an empty one
    record Auth(String mechanism, @Nullable String initialResponse) implements Command {
        @Override
        public String toString() {
            return "Auth[" + mechanism + "]";
        }
    }

    /// APOP.
    ///
    /// @param digest as given, in hexadecimal
    record Apop(String name, String digest) implements Command {}

    /// LANG with a language tag, or `*`.
    record Lang(String tag) implements Command {}

    record ListOne(int number) implements Command {}

    record UidlOne(int number) implements Command {}

    record Retr(int number) implements Command {}

    record Dele(int number) implements Command {}

    record Top(int number, int lines) implements Command {}

    /// A known command with wrong arguments.
    record Bad(String problem) implements Command {}

    record Unknown(String word) implements Command {}

    /// Reads a line without its line end.
    static Command parse(String line) {
        int blank = line.indexOf(' ');
        String word = (blank < 0 ? line : line.substring(0, blank)).toUpperCase(Locale.ROOT);
        String rest = blank < 0 ? "" : line.substring(blank + 1);
        return switch (word) {
            case "CAPA" -> Plain.CAPA;
            case "STAT" -> Plain.STAT;
            case "RSET" -> Plain.RSET;
            case "NOOP" -> Plain.NOOP;
            case "QUIT" -> Plain.QUIT;
            case "STLS" -> Plain.STLS;
            case "LAST" -> Plain.LAST;
            case "UTF8" -> Plain.UTF8;
            case "LANG" -> rest.isBlank() ? Plain.LANG_LIST : new Lang(rest.strip());
            case "USER" -> rest.isBlank() ? new Bad("No username given.") : new User(rest.strip());
            case "PASS" -> new Pass(rest);
            case "APOP" -> apop(rest.strip());
            case "AUTH" -> auth(rest.strip());
            case "LIST" -> rest.isBlank() ? Plain.LIST_ALL : one(rest, ListOne::new);
            case "UIDL" -> rest.isBlank() ? Plain.UIDL_ALL : one(rest, UidlOne::new);
            case "RETR" -> one(rest, Retr::new);
            case "DELE" -> one(rest, Dele::new);
            case "TOP" -> top(rest.strip());
            default -> new Unknown(word);
        };
    }

    private static Command auth(String rest) {
        if (rest.isEmpty()) {
            return Plain.AUTH_LIST;
        }
        int blank = rest.indexOf(' ');
        return blank < 0
                ? new Auth(rest.toUpperCase(Locale.ROOT), null)
                : new Auth(
                        rest.substring(0, blank).toUpperCase(Locale.ROOT),
                        rest.substring(blank + 1).strip());
    }

    private static Command apop(String rest) {
        int blank = rest.lastIndexOf(' ');
        return blank < 0
                ? new Bad("APOP wants a name and a digest.")
                : new Apop(rest.substring(0, blank).strip(), rest.substring(blank + 1));
    }

    private static Command one(String rest, IntFunction<Command> make) {
        int number = number(rest.strip());
        return number < 0 ? new Bad("Invalid message number: " + clean(rest)) : make.apply(number);
    }

    private static Command top(String rest) {
        int blank = rest.indexOf(' ');
        int number = number(blank < 0 ? rest : rest.substring(0, blank));
        int lines = blank < 0 ? -1 : number(rest.substring(blank + 1).strip());
        if (number < 0) {
            return new Bad("Invalid message number: " + clean(rest));
        }
        return lines < 0 ? new Bad("Invalid line count.") : new Top(number, lines);
    }

    /// A number of at most nine digits, or -1.
    private static int number(String text) {
        if (text.isEmpty() || text.length() > 9) {
            return -1;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return -1;
            }
        }
        return Integer.parseInt(text);
    }

    /// A client's text, made fit for a reply.
    static String clean(String text) {
        return Printable.ascii(text, 40);
    }
}
