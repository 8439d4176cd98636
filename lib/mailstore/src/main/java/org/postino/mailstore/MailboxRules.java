// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postino.config.Config;
import org.postino.config.ValueException;

/// The rules of main.cf for single mailboxes, of all users. Names have `/` between their levels ([MailboxValues]); in those that are
/// patterns `*` stands for any characters, `?` for one.
///
/// @param auto the mailboxes that every user has without making them
/// @param ages how long mail may stay, by pattern; zero for ever
/// @param counts how many messages may stay, by pattern; 0 for any number
/// @param expunged the mailbox that keeps what is expunged; empty if none does
/// @param unkept those of which nothing is kept, by pattern
public record MailboxRules(
        Map<String, Auto> auto,
        Map<String, Duration> ages,
        Map<String, Long> counts,
        String expunged,
        List<String> unkept) {
    /// Nothing is done by itself.
    public static final MailboxRules NONE =
            new MailboxRules(Map.of(), Map.of(), Map.of(), "", List.of());

    /// The way in which a mailbox is there by itself.
    public enum Auto {
        CREATE,
        SUBSCRIBE
    }

    /// The time that mail may stay in a mailbox, and the number of messages that may.
    record Limits(Duration age, long count) {
        boolean any() {
            return !age.isZero() || count > 0;
        }
    }

    public static MailboxRules of(Config config) {
        var auto = new LinkedHashMap<String, Auto>();
        MailboxValues.of(config.get(MailParams.MAILBOX_AUTO))
                .forEach((name, value) -> {
                    switch (value) {
                        case "create" -> auto.put(name, Auto.CREATE);
                        case "subscribe" -> auto.put(name, Auto.SUBSCRIBE);
                        default -> auto.remove(name);
                    }
                });
        try {
            return new MailboxRules(
                    auto,
                    ages(config),
                    counts(config),
                    config.get(MailParams.LAZY_EXPUNGE_MAILBOX),
                    config.get(MailParams.LAZY_EXPUNGE_EXCLUDE).stream()
                            .map(MailboxValues::withoutBraces)
                            .toList());
        } catch (ValueException e) {
            throw new IllegalStateException("main.cf was not checked", e);
        }
    }

    private static Map<String, Duration> ages(Config config) throws ValueException {
        var ages = new LinkedHashMap<String, Duration>();
        var values = MailboxValues.of(config.get(MailParams.MAILBOX_AUTOEXPUNGE));
        for (var entry : values.entrySet()) {
            ages.put(entry.getKey(), MailboxValues.DAYS.parse(entry.getValue()));
        }
        return ages;
    }

    private static Map<String, Long> counts(Config config) throws ValueException {
        var counts = new LinkedHashMap<String, Long>();
        var values = MailboxValues.of(config.get(MailParams.MAILBOX_AUTOEXPUNGE_MAX_MAILS));
        for (var entry : values.entrySet()) {
            counts.put(entry.getKey(), MailboxValues.NUMBER.parse(entry.getValue()));
        }
        return counts;
    }

    /// The mailbox that keeps what is expunged in another; empty if none does.
    Optional<String> keeper(String name, char separator) {
        String keeper = inStore(expunged, separator);
        String rule = name.replace(separator, '/');
        boolean kept =
                !keeper.isEmpty()
                        && !keeper.equals(name)
                        && unkept.stream().noneMatch(pattern -> matches(pattern, rule));
        return kept ? Optional.of(keeper) : Optional.empty();
    }

    /// True if mail goes from no mailbox by itself.
    public boolean keepAll() {
        return ages.isEmpty() && counts.isEmpty();
    }

    /// The limits of a mailbox.
    Limits limits(String name, char separator) {
        String rule = name.replace(separator, '/');
        return new Limits(value(ages, rule, Duration.ZERO), value(counts, rule, Long.valueOf(0)));
    }

    /// The value of a name, else that of the first pattern; INBOX must be named in full.
    private static <T> T value(Map<String, T> values, String name, T none) {
        T own = values.get(name);
        if (own != null || name.equals(Layout.INBOX)) {
            return own == null ? none : own;
        }
        return values.entrySet().stream()
                .filter(e -> matches(e.getKey(), name))
                .findFirst()
                .map(Map.Entry::getValue)
                .orElse(none);
    }

    static boolean isPattern(String name) {
        return name.indexOf('*') >= 0 || name.indexOf('?') >= 0;
    }

    /// Compares a name with a pattern in time that is at most the product of their lengths.
    static boolean matches(String pattern, String name) {
        int p = 0;
        int star = -1;
        int again = 0;
        int n = 0;
        while (n < name.length()) {
            char wanted = p < pattern.length() ? pattern.charAt(p) : '\0';
            if (wanted == '*') {
                star = p++;
                again = n;
            } else if (p < pattern.length() && (wanted == '?' || wanted == name.charAt(n))) {
                p++;
                n++;
            } else if (star >= 0) {
                p = star + 1;
                n = ++again;
            } else {
                return false;
            }
        }
        return pattern.substring(p).chars().allMatch(c -> c == '*');
    }

    /// The name of a mailbox as the rules have it, in a store with this separator.
    static String inStore(String name, char separator) {
        return Layout.canonical(name.replace('/', separator), separator);
    }

    /// All names and patterns from which mail goes.
    List<String> expiring() {
        var all = new LinkedHashMap<String, Boolean>();
        ages.keySet().forEach(name -> all.put(name, true));
        counts.keySet().forEach(name -> all.put(name, true));
        return List.copyOf(all.keySet());
    }
}
