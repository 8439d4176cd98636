// SPDX-License-Identifier: Apache-2.0

package org.postino.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postino.util.ByteNames;

/// The type of a parameter: it makes a value of the expanded text, and says which texts are allowed.
public sealed interface ParamType<T> {
    /// Reads the expanded text of a parameter.
    ///
    /// @throws ValueException says what is allowed
    T parse(String text) throws ValueException;

    /// Looks at a value together with others, when main.cf is read.
    ///
    /// @param others what other names stand for
    /// @throws ValueException says what is wrong
    default void check(T value, Expander.Values others) throws ValueException {}

    /// True if a default may be wrong because of the parameters it refers to, so that it is looked at when a program starts.
    default boolean canFail() {
        return true;
    }

    record Text(boolean nonEmpty) implements ParamType<String> {
        @Override
        public String parse(String text) throws ValueException {
            if (nonEmpty && text.isEmpty()) {
                throw new ValueException("must not be empty");
            }
            return text;
        }

        @Override
        public boolean canFail() {
            return nonEmpty;
        }
    }

    record Raw() implements ParamType<String> {
        @Override
        public String parse(String text) {
            return text;
        }

        @Override
        public boolean canFail() {
            return false;
        }
    }

    record Bool() implements ParamType<Boolean> {
        @Override
        public Boolean parse(String text) throws ValueException {
            return switch (text.toLowerCase(Locale.ROOT)) {
                case "yes" -> true;
                case "no" -> false;
                default -> throw new ValueException("must be \"yes\" or \"no\"");
            };
        }
    }

    record Whole(long min, long max) implements ParamType<Long> {
        @Override
        public Long parse(String text) throws ValueException {
            try {
                long value = Long.parseLong(text);
                if (value >= min && value <= max) {
                    return value;
                }
            } catch (NumberFormatException e) {
                throw new ValueException("must be a whole number" + range(), e);
            }
            throw new ValueException("must be" + range());
        }

        private String range() {
            return max == Long.MAX_VALUE
                    ? " not less than " + min
                    : " between " + min + " and " + max;
        }
    }

    /// A number and a unit. Of two units the first counts, as in Postfix: defaults of old names put one behind a value that may have
    /// its own.
    record Time(char unit) implements ParamType<Duration> {
        @Override
        public Duration parse(String text) throws ValueException {
            int end = 0;
            while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
                end++;
            }
            String units = text.substring(end);
            OptionalInt seconds = secondsOf(units.isEmpty() ? unit : units.charAt(0));
            boolean known =
                    units.length() < 2
                            || (units.length() == 2 && secondsOf(units.charAt(1)).isPresent());
            if (end == 0 || end > 9 || seconds.isEmpty() || !known) {
                throw new ValueException("must be a time: digits and one of s, m, h, d, w");
            }
            return Duration.ofSeconds(Long.parseLong(text.substring(0, end)) * seconds.getAsInt());
        }

        private static OptionalInt secondsOf(char unit) {
            return switch (unit) {
                case 's' -> OptionalInt.of(1);
                case 'm' -> OptionalInt.of(60);
                case 'h' -> OptionalInt.of(3600);
                case 'd' -> OptionalInt.of(86_400);
                case 'w' -> OptionalInt.of(604_800);
                default -> OptionalInt.empty();
            };
        }
    }

    /// Items separated by blanks or commas; an item in `{ }` may contain both.
    ///
    /// @param words what knows the words of this list; null if any will do
    record Items(@Nullable Words words) implements ParamType<List<String>> {
        public Items() {
            this(null);
        }

        @Override
        public void check(List<String> value, Expander.Values others) throws ValueException {
            if (words != null) {
                words.check(value, others);
            }
        }

        @Override
        public List<String> parse(String text) throws ValueException {
            return split(text);
        }

        @Override
        public boolean canFail() {
            return false;
        }

        /// Splits at blanks and commas outside `{ }`; the outer braces of an item stay.
        public static List<String> split(String text) throws ValueException {
            var items = new ArrayList<String>();
            var item = new StringBuilder();
            int depth = 0;
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                boolean separator = depth == 0 && (c == ',' || Character.isWhitespace(c));
                if (separator) {
                    if (!item.isEmpty()) {
                        items.add(item.toString());
                        item.setLength(0);
                    }
                    continue;
                }
                depth += c == '{' ? 1 : c == '}' ? -1 : 0;
                if (depth < 0) {
                    throw new ValueException("has a \"}\" without \"{\"");
                }
                item.append(c);
            }
            if (depth > 0) {
                throw new ValueException("has a \"{\" without \"}\"");
            }
            if (!item.isEmpty()) {
                items.add(item.toString());
            }
            return List.copyOf(items);
        }
    }

    /// The words of a list that mean something to one program alone, as the names of smtpd's restrictions do.
    interface Words {
        /// Looks for items that mean nothing.
        ///
        /// @param others what other names stand for
        /// @throws ValueException says which, and what was meant perhaps
        void check(List<String> items, Expander.Values others) throws ValueException;
    }

    /// TCP ports by number, or the word `any`.
    record Ports() implements ParamType<PortList> {
        private static final int LAST = 65_535;

        @Override
        public PortList parse(String text) throws ValueException {
            List<String> items = Items.split(text);
            if (items.equals(List.of("any"))) {
                return new PortList(true, Set.of());
            }
            var ports = new TreeSet<Integer>();
            for (String item : items) {
                if (!item.matches("[0-9]{1,5}") || item.matches("0+")) {
                    throw bad(item);
                }
                int port = Integer.parseInt(item);
                if (port > LAST) {
                    throw bad(item);
                }
                ports.add(port);
            }
            return new PortList(false, ports);
        }

        private static ValueException bad(String item) {
            return new ValueException(
                    "must be a list of TCP port numbers, or \"any\": \"" + item + "\" is neither");
        }
    }

    record Location() implements ParamType<Path> {
        @Override
        public Path parse(String text) throws ValueException {
            if (text.isEmpty() || text.indexOf('\0') >= 0) {
                throw new ValueException("must be a path");
            }
            return ByteNames.path(text);
        }
    }

    /// One of some words, in upper or lower case.
    record Choice(List<String> words) implements ParamType<String> {
        @Override
        public String parse(String text) throws ValueException {
            for (String word : words) {
                if (word.equalsIgnoreCase(text)) {
                    return word;
                }
            }
            throw new ValueException(
                    "must be one of: "
                            + words.stream()
                                    .map(word -> word.isEmpty() ? "(empty)" : word)
                                    .collect(Collectors.joining(", ")));
        }
    }

    record Defunct(String useInstead) implements ParamType<String> {
        @Override
        public String parse(String text) throws ValueException {
            throw new ValueException("is not used any more: use " + useInstead);
        }
    }
}
