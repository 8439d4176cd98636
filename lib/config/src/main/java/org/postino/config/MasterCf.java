// SPDX-License-Identifier: Apache-2.0

package org.postino.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.postino.util.ByteNames;

/// The services of a master.cf file, one row each; of several rows with one name and type the last wins.
public record MasterCf(String file, List<Row> rows, List<Problem> problems) {

    /// The kind of socket at which a service is reached.
    public enum Type {
        INET,
        UNIX,
        UNIX_DGRAM,
        FIFO,
        PASS;

        /// The word in master.cf.
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        static Optional<Type> parse(String word) {
            for (var type : values()) {
                if (type.word().equals(word)) {
                    return Optional.of(type);
                }
            }
            return Optional.empty();
        }
    }

    /// One service.
    ///
    /// @param fields the first seven columns as written, for programs that print them
    /// @param isPrivate the socket is in `private/`, not `public/`; never for INET
    /// @param wakeup seconds between wake-up calls, 0 = none
    /// @param maxproc sessions at a time, 0 = no limit, empty = `$default_process_limit`
    /// @param args all arguments of the command, `{ }` removed
    /// @param overrides the `-o` options among the row's own options, each `name=value`
    public record Row(
            String service,
            Type type,
            boolean isPrivate,
            boolean unprivileged,
            boolean chroot,
            int wakeup,
            boolean wakeupOnlyAfterUse,
            OptionalInt maxproc,
            String program,
            List<String> args,
            List<String> overrides,
            List<String> fields,
            int line) {

        /// The host of an INET service, without brackets; empty: all of `inet_interfaces`.
        public String host() {
            int colon = service.lastIndexOf(':');
            String host = colon < 0 ? "" : service.substring(0, colon);
            return host.startsWith("[") && host.endsWith("]")
                    ? host.substring(1, host.length() - 1)
                    : host;
        }

        /// The port of an INET service, a number or a name.
        public String port() {
            return service.substring(service.lastIndexOf(':') + 1);
        }

        /// The number of arguments that are the row's own options. The first word that does not begin with `-`, or `--`, ends
        /// them: what follows, as `argv=/usr/sbin/sendmail -oi` of pipe(8), belongs to the program.
        public int optionCount() {
            return MasterCf.optionCount(args);
        }

        /// `service/type`, what a row is known by.
        public String key() {
            return service + "/" + type.word();
        }
    }

    /// Reads the file.
    public static MasterCf read(Path file) throws IOException {
        return parse(file.toString(), Files.readAllBytes(file));
    }

    /// Parses the text of a master.cf; `file` is how problems name it.
    public static MasterCf parse(String file, byte[] bytes) {
        var problems = new ArrayList<Problem>();
        var rows = new LinkedHashMap<String, Row>();
        for (var line : LogicalLines.of(file, ByteNames.decode(bytes), problems)) {
            try {
                var row = row(line.text(), line.number());
                rows.put(row.key(), row);
            } catch (ValueException e) {
                problems.add(new Problem(file, line.number(), MainCf.message(e)));
            }
        }
        return new MasterCf(file, List.copyOf(rows.values()), List.copyOf(problems));
    }

    /// Parses one row.
    ///
    /// @throws ValueException says what is wrong
    public static Row row(String text, int line) throws ValueException {
        var words = words(text);
        if (words.size() < 8) {
            throw new ValueException(
                    "a row needs 8 fields (service type private unprivileged chroot wakeup maxproc"
                            + " command), not "
                            + words.size()
                            + ": \""
                            + text
                            + "\"");
        }
        Type type =
                Type.parse(words.get(1))
                        .orElseThrow(() ->
                                new ValueException(
                                        "bad service type \""
                                                + words.get(1)
                                                + "\": must be inet, unix, unix-dgram, fifo"
                                                + " or pass"));
        var args = List.copyOf(words.subList(8, words.size()));
        String wakeup = words.get(5);
        boolean afterUse = wakeup.endsWith("?");
        boolean isPrivate = flag("private", words.get(2), type != Type.INET);
        if (type == Type.INET) {
            checkInet(words.get(0), isPrivate);
        }
        return new Row(
                words.get(0),
                type,
                isPrivate,
                flag("unprivileged", words.get(3), true),
                flag("chroot", words.get(4), false),
                number("wakeup", afterUse ? wakeup.substring(0, wakeup.length() - 1) : wakeup)
                        .orElse(0),
                afterUse,
                number("maxproc", words.get(6)),
                words.get(7),
                args,
                overrides(args),
                List.copyOf(words.subList(0, 7)),
                line);
    }

    private static void checkInet(String service, boolean isPrivate) throws ValueException {
        if (isPrivate) {
            throw new ValueException("an inet service cannot be private: \"" + service + "\"");
        }
        String port = service.substring(service.lastIndexOf(':') + 1);
        boolean digits = !port.isEmpty();
        for (int i = 0; i < port.length(); i++) {
            digits &= port.charAt(i) >= '0' && port.charAt(i) <= '9';
        }
        if (port.isEmpty()
                || (digits
                        && (port.length() > 5
                                || Integer.parseInt(port) == 0
                                || Integer.parseInt(port) > 65535))) {
            throw new ValueException(
                    "bad port in \"" + service + "\": must be 1 to 65535 or a name");
        }
    }

    private static boolean flag(String field, String word, boolean byDefault)
            throws ValueException {
        return switch (word) {
            case "y" -> true;
            case "n" -> false;
            case "-" -> byDefault;
            default ->
                    throw new ValueException(
                            "bad value \"" + word + "\" of field " + field + ": must be y, n or -");
        };
    }

    private static OptionalInt number(String field, String word) throws ValueException {
        if (word.equals("-")) {
            return OptionalInt.empty();
        }
        boolean good = !word.isEmpty() && word.length() <= 9;
        for (int i = 0; i < word.length(); i++) {
            good &= word.charAt(i) >= '0' && word.charAt(i) <= '9';
        }
        if (!good) {
            throw new ValueException(
                    "bad value \""
                            + word
                            + "\" of field "
                            + field
                            + ": must be a whole number"
                            + (field.equals("wakeup") ? ", a number with ?, or -" : " or -"));
        }
        return OptionalInt.of(Integer.parseInt(word));
    }

    private static int optionCount(List<String> args) {
        int i = 0;
        while (i < args.size() && args.get(i).startsWith("-") && !args.get(i).equals("--")) {
            i += args.get(i).equals("-o") ? 2 : 1;
        }
        return Math.min(i, args.size());
    }

    private static List<String> overrides(List<String> args) throws ValueException {
        var overrides = new ArrayList<String>();
        int end = optionCount(args);
        for (int i = 0; i < end; i++) {
            String arg = args.get(i);
            if (!arg.startsWith("-o")) {
                continue;
            }
            String text = arg.substring(2);
            if (text.isEmpty()) {
                if (++i == end) {
                    throw new ValueException("option -o without name=value");
                }
                text = args.get(i);
            }
            var setting = MainCf.assignment(text, "", 0);
            overrides.add(setting.name() + "=" + setting.text());
        }
        return List.copyOf(overrides);
    }

    /// Splits at blanks; `{ text with blanks }` is one word, less the braces and the blanks inside them.
    static List<String> words(String text) throws ValueException {
        var words = new ArrayList<String>();
        int i = 0;
        while (i < text.length()) {
            if (LogicalLines.blank(text.charAt(i))) {
                i++;
            } else if (text.charAt(i) == '{' && words.size() >= 8) {
                int end = closing(text, i);
                words.add(text.substring(i + 1, end).strip());
                i = end + 1;
                if (i < text.length() && !LogicalLines.blank(text.charAt(i))) {
                    throw new ValueException("no blank behind \"}\" in \"" + text + "\"");
                }
            } else {
                int end = i;
                while (end < text.length() && !LogicalLines.blank(text.charAt(end))) {
                    end++;
                }
                words.add(text.substring(i, end));
                i = end;
            }
        }
        return words;
    }

    private static int closing(String text, int open) throws ValueException {
        int depth = 0;
        for (int i = open; i < text.length(); i++) {
            char c = text.charAt(i);
            depth += c == '{' ? 1 : c == '}' ? -1 : 0;
            if (depth == 0) {
                return i;
            }
        }
        throw new ValueException("\"{\" without \"}\" in \"" + text + "\"");
    }
}
