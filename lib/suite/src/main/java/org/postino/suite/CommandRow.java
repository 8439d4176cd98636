// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.postino.config.Config;
import org.postino.config.Expander;
import org.postino.config.MasterCf;
import org.postino.config.ValueException;
import org.postino.util.ByteNames;

/// The words behind the program in a row that runs a command: `flags=DRhu user=vmail argv=/usr/bin/maildrop -d ${recipient}`.
///
/// @param user the account as which the command runs, never empty
/// @param group the group that is set instead of the account's; empty for that of the account
/// @param directory the directory in which it starts; empty for that of the queue
/// @param flags letters of [#FLAGS]
/// @param eol the end of each line of the message
/// @param nullSender the word for the null sender; may be empty
/// @param size the largest message in bytes; 0 for no limit
/// @param argv the program and its arguments, with macros
public record CommandRow(
        String user,
        String group,
        String directory,
        String flags,
        String eol,
        String nullSender,
        long size,
        List<String> argv) {
    /// The letters that `flags=` may have; `q`, `h` and `u` are about arguments, `X` about notifications, the others about the message.
    public static final String FLAGS = "BDFORXhqu.>";

    /// The end of the name of a parameter that bounds the time of one row's command.
    static final String TIME_LIMIT = "_time_limit";

    /// The macros that arguments may have and that differ from one recipient to the other.
    public static final Set<String> OF_RECIPIENT =
            Set.of("domain", "extension", "mailbox", "original_recipient", "recipient", "user");

    /// The other macros.
    public static final Set<String> OF_MESSAGE =
            Set.of(
                    "client_address",
                    "client_helo",
                    "client_hostname",
                    "client_port",
                    "client_protocol",
                    "envelope_id",
                    "nexthop",
                    "queue_id",
                    "sasl_method",
                    "sasl_sender",
                    "sasl_username",
                    "sender",
                    "size");

    private static final String ARGV = "argv=";
    private static final Set<String> OF_PIPE =
            Set.of("user", "directory", "chroot", "flags", "eol", "null_sender", "size");

    private static final Set<String> OF_SPAWN = Set.of("user");

    private static final Map<Character, Character> ESCAPES =
            Map.of(
                    'a', '\7', 'b', '\b', 'f', '\f', 'n', '\n', 'r', '\r', 't', '\t', 'v', '\13',
                    '\\', '\\');

    public CommandRow {
        argv = List.copyOf(argv);
    }

    /// The path of the program that a row names; empty if it runs no command, has a word without slash, or is wrong.
    public static Optional<Path> program(MasterCf.Row row) {
        if (!CommandRows.isOne(row)) {
            return Optional.empty();
        }
        try {
            var words = CommandRows.words(row);
            var command = row.program().equals("pipe") ? pipe(words) : spawn(words);
            String program = command.argv().getFirst();
            return program.startsWith("/")
                    ? Optional.of(ByteNames.path(program))
                    : Optional.empty();
        } catch (ValueException e) {
            return Optional.empty();
        }
    }

    /// Reads the words of a row of pipe(8).
    ///
    /// @throws ValueException says what is wrong with them
    public static CommandRow pipe(List<String> words) throws ValueException {
        CommandRow row = parse(words, OF_PIPE);
        checkMacros(row.argv());
        return row;
    }

    /// Reads the words of a row of spawn(8): a user and a command, in which nothing is replaced.
    ///
    /// @throws ValueException says what is wrong with them
    public static CommandRow spawn(List<String> words) throws ValueException {
        return parse(words, OF_SPAWN);
    }

    private static CommandRow parse(List<String> words, Set<String> known) throws ValueException {
        var values = new TreeMap<String, String>();
        int at = 0;
        while (at < words.size() && !words.get(at).startsWith(ARGV)) {
            String word = words.get(at++);
            int equals = word.indexOf('=');
            String name = word.substring(0, Math.max(0, equals));
            if (!known.contains(name)) {
                throw new ValueException(
                        "unknown attribute \""
                                + word
                                + "\": must be one of "
                                + String.join("=, ", Set.copyOf(known).stream().sorted().toList())
                                + "= and, as the last, argv=");
            }
            values.put(name, word.substring(equals + 1));
        }
        String user = values.getOrDefault("user", "");
        int colon = user.indexOf(':');
        String name = colon < 0 ? user : user.substring(0, colon);
        if (name.isEmpty()) {
            throw new ValueException("user= is missing, the account as which the command runs");
        }
        if (name.equals("root")) {
            throw new ValueException("user=root: a command never runs as root");
        }
        if (values.containsKey("chroot")) {
            throw new ValueException(
                    "chroot= is not supported: commands are confined without it; take it out");
        }
        return new CommandRow(
                name,
                colon < 0 ? "" : user.substring(colon + 1),
                directory(values.getOrDefault("directory", "")),
                flags(values.getOrDefault("flags", "")),
                unescaped(values.getOrDefault("eol", "\\n")),
                values.getOrDefault("null_sender", "MAILER-DAEMON"),
                size(values.getOrDefault("size", "0")),
                command(words.subList(at, words.size())));
    }

    /// The command: `argv=` and all that follows. `argv= /bin/x` is written by some.
    private static List<String> command(List<String> words) throws ValueException {
        var argv = new ArrayList<>(words);
        if (!argv.isEmpty()) {
            argv.set(0, argv.getFirst().substring(ARGV.length()));
            if (argv.getFirst().isEmpty()) {
                argv.removeFirst();
            }
        }
        if (argv.isEmpty()) {
            throw new ValueException("argv= is missing, the command and its arguments");
        }
        return argv;
    }

    private static void checkMacros(List<String> argv) throws ValueException {
        for (String argument : argv) {
            for (String name : macros(argument)) {
                if (!OF_MESSAGE.contains(name) && !OF_RECIPIENT.contains(name)) {
                    throw new ValueException(
                            "argv=: unknown macro ${" + name + "}; $$ is a dollar sign");
                }
            }
        }
    }

    private static String directory(String value) throws ValueException {
        if (!value.isEmpty() && !value.startsWith("/")) {
            throw new ValueException("directory=" + value + ": must begin with /");
        }
        return value;
    }

    private static String flags(String value) throws ValueException {
        for (int i = 0; i < value.length(); i++) {
            if (FLAGS.indexOf(value.charAt(i)) < 0) {
                throw new ValueException(
                        "flags="
                                + value
                                + ": unknown flag \""
                                + value.charAt(i)
                                + "\": must be of "
                                + FLAGS);
            }
        }
        return value;
    }

    private static long size(String value) throws ValueException {
        try {
            long size = Long.parseLong(value);
            if (size >= 0) {
                return size;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new ValueException("size=" + value + ": must be a number of bytes");
    }

    /// Replaces `\n`, `\\`, `\015` and the like, as in a text of C.
    private static String unescaped(String value) throws ValueException {
        var text = new StringBuilder();
        int at = 0;
        while (at < value.length()) {
            char c = value.charAt(at++);
            if (c != '\\') {
                text.append(c);
                continue;
            }
            int end = at;
            while (end < value.length() && end < at + 3 && isOctal(value.charAt(end))) {
                end++;
            }
            Character escaped = at < value.length() ? ESCAPES.get(value.charAt(at)) : null;
            if (end > at) {
                text.append((char) (Integer.parseInt(value.substring(at, end), 8) & 0xff));
                at = end;
            } else if (escaped != null) {
                text.append(escaped.charValue());
                at++;
            } else {
                throw new ValueException("eol=" + value + ": unknown escape behind \\");
            }
        }
        return text.toString();
    }

    private static boolean isOctal(char c) {
        return c >= '0' && c <= '7';
    }

    /// The names of the macros in an argument.
    ///
    /// @throws ValueException it is malformed
    public static Set<String> macros(String argument) throws ValueException {
        var names = new TreeSet<String>();
        // Twice, as a name may stand behind the question whether another has a value.
        for (String value : List.of("", "x")) {
            Expander.expand(
                    argument,
                    name -> {
                        names.add(name);
                        return value;
                    });
        }
        return names;
    }

    /// The time that the command of a row may take: `SERVICE_time_limit`, `command_time_limit` where that is not set.
    ///
    /// @throws IllegalStateException the value is bad
    public static Duration timeLimit(Config config, String service) {
        return config.getAs(LocalParams.COMMAND_TIME_LIMIT, service + TIME_LIMIT);
    }

    /// True if `flags=` has this letter.
    public boolean has(char flag) {
        return flags.indexOf(flag) >= 0;
    }
}
