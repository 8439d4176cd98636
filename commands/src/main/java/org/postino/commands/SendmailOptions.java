// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postino.util.ByteNames;

/// The command line of sendmail(1), in the form that programs have used for decades. Options have attached or separate values,
/// and many mean nothing today.
final class SendmailOptions {
    /// The task that the options ask for.
    enum Mode {
        MAIL,
        /// Recipients are looked up, and nothing is delivered.
        LOOK_UP,
        SMTP,
        LIST,
        ALIASES,
        FLUSH
    }

    private static final String WITH_VALUE = "CcFfrBhLNOoRVXpbM";
    private static final String IGNORED = "AnUxGmsEJWZDd";

    Mode mode = Mode.MAIL;
    @Nullable Path configuration;
    @Nullable String sender;
    String fullName = "";
    String encoding = "";
    String dsnNotify = "";
    String ret = "";
    String envid = "";
    String flushId = "";
    String flushSite = "";
    boolean extract;
    boolean ignoreDots;

    /// The sender wants to hear what became of the message.
    boolean report;

    final List<String> recipients = new ArrayList<>();

    private SendmailOptions() {}

    /// Reads the command line.
    ///
    /// @throws IllegalArgumentException it cannot be understood; the message says why
    static SendmailOptions parse(String... args) {
        var options = new SendmailOptions();
        int i = 0;
        while (i < args.length) {
            String arg = args[i++];
            if (arg.equals("--")) {
                break;
            }
            if (arg.length() < 2 || arg.charAt(0) != '-') {
                i--;
                break;
            }
            i = options.option(arg, args, i);
        }
        options.recipients.addAll(List.of(args).subList(i, args.length));
        return options;
    }

    /// Reads one word of options, and returns the index of the next word.
    private int option(String word, String[] args, int next) {
        int following = next;
        for (int at = 1; at < word.length(); at++) {
            char c = word.charAt(at);
            String rest = word.substring(at + 1);
            if (c == 'q') {
                queue(rest);
                return following;
            }
            if (c == 'I') {
                mode = Mode.ALIASES;
            } else if (c == 't') {
                extract = true;
            } else if (c == 'v') {
                report = true;
            } else if (c == 'i') {
                ignoreDots = true;
            } else if (WITH_VALUE.indexOf(c) >= 0) {
                if (rest.isEmpty() && following == args.length) {
                    throw new IllegalArgumentException("option -" + c + " needs a value");
                }
                value(c, rest.isEmpty() ? args[following++] : rest);
                return following;
            } else if (c == 'e') {
                return following; // how errors are reported: here always in the same way
            } else if (IGNORED.indexOf(c) < 0) {
                throw new IllegalArgumentException("invalid option -- '" + c + "'");
            }
        }
        return following;
    }

    private void value(char option, String value) {
        switch (option) {
            case 'C', 'c' -> configuration = configuration(value);
            case 'F' -> fullName = value;
            case 'f', 'r' -> sender = value;
            case 'B' -> encoding = encoding(value);
            case 'N' -> dsnNotify = dsnNotify(value);
            case 'R' -> ret = ret(value);
            case 'V' -> envid = envid(value);
            case 'b' -> mode(value);
            case 'O', 'o' -> sendmailOption(value);
            default -> {} // logging and hop counts of other mail systems
        }
    }

    /// Returns the directory that `-C` names, itself or by the main.cf in it.
    private static Path configuration(String value) {
        Path path = ByteNames.path(value);
        Path parent = path.getParent();
        return value.endsWith("main.cf") && parent != null ? parent : path;
    }

    private void mode(String value) {
        mode =
                switch (value) {
                    case "m", "a" -> Mode.MAIL;
                    case "v" -> Mode.LOOK_UP;
                    case "s" -> Mode.SMTP;
                    case "p" -> Mode.LIST;
                    case "i" -> Mode.ALIASES;
                    default ->
                            throw new IllegalArgumentException(
                                    "unsupported: -b" + value.substring(0, 1));
                };
    }

    private void queue(String rest) {
        mode = Mode.FLUSH;
        if (rest.startsWith("I")) {
            flushId = rest.substring(1);
        } else if (rest.startsWith("R")) {
            flushSite = rest.substring(1);
        }
    }

    private void sendmailOption(String value) {
        if (value.equals("i") || value.equalsIgnoreCase("IgnoreDots=yes")) {
            ignoreDots = true;
        }
    }

    private static String encoding(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "7bit" -> "7bit";
            case "8bitmime" -> "8bit";
            default ->
                    throw new IllegalArgumentException(
                            "option -B requires \"7BIT\" or \"8BITMIME\"");
        };
    }

    /// Reads the value of NOTIFY (RFC 3461, 4.1).
    private static String dsnNotify(String value) {
        String upper = value.toUpperCase(Locale.ROOT);
        List<String> words = List.of(upper.split(",", -1));
        boolean never = words.contains("NEVER");
        if (!Set.of("NEVER", "SUCCESS", "FAILURE", "DELAY").containsAll(words)
                || (never && words.size() > 1)) {
            throw new IllegalArgumentException("bad -N option value: " + value);
        }
        return upper;
    }

    private static String ret(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "full" -> "FULL";
            case "hdrs" -> "HDRS";
            default -> throw new IllegalArgumentException("bad -R option value: " + value);
        };
    }

    private static String envid(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) <= ' ' || value.charAt(i) > 126) {
                throw new IllegalArgumentException("bad -V option value: " + value);
            }
        }
        return value;
    }
}
