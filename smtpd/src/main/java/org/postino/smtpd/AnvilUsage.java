// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/// Counts the mail that clients and users have sent in their hour and their day. Safe for use by several threads.
///
/// A window begins with the first message in it. For a key is kept `HOUR M R B DAY M R B TOLD`: for each window the seconds since 1970 at which it began, and messages,
/// recipients and bytes in it; at last 1 if somebody was told in this day that it is too much.
final class AnvilUsage {
    /// The things that are counted, in the order in which numbers stand.
    static final List<String> WORDS =
            List.of(
                    "messages/hour",
                    "recipients/hour",
                    "bytes/hour",
                    "messages/day",
                    "recipients/day",
                    "bytes/day");

    private static final int EACH = 3;
    private static final long[] SPANS = {
        Duration.ofHours(1).toSeconds(), Duration.ofDays(1).toSeconds()
    };

    private final AnvilStore store;
    private final Clock clock;

    /// A message that somebody sends.
    ///
    /// @param key the user or the client network
    /// @param limits one for each of [#WORDS]; 0: there is none
    /// @param takes false if a message beyond a limit is refused and so does not count
    /// @param only true if it is asked whether it would be too much, and nothing counts
    record Message(
            String key,
            long recipients,
            long bytes,
            List<Long> limits,
            boolean takes,
            boolean only) {}

    /// The verdict.
    ///
    /// @param over the word of the limit that is exceeded; empty: none is
    /// @param count what it would be with this message
    /// @param first true if nobody was told yet in this day
    record Verdict(String over, long count, boolean first) {}

    AnvilUsage(AnvilStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    synchronized Verdict count(Message m) throws IOException {
        long now = clock.instant().getEpochSecond();
        long[] known = known(m.key());
        long[] with = known.clone();
        long[] add = {1, m.recipients(), m.bytes()};
        for (int window = 0; window < SPANS.length; window++) {
            int at = window * (EACH + 1);
            if (now - with[at] >= SPANS[window] || now < with[at]) {
                with[at] = now;
                for (int i = 1; i <= EACH; i++) {
                    with[at + i] = 0;
                    known[at + i] = 0;
                }
                with[with.length - 1] = window == 1 ? 0 : with[with.length - 1];
            }
            for (int i = 0; i < EACH; i++) {
                with[at + 1 + i] += add[i];
            }
        }
        int over = over(with, m.limits());
        boolean first = over >= 0 && with[with.length - 1] == 0;
        long count = over < 0 ? 0 : with[place(over)];
        if (!m.only()) {
            if (over >= 0 && !m.takes()) {
                for (int i = 0; i < WORDS.size(); i++) {
                    with[place(i)] = known[place(i)];
                }
            }
            with[with.length - 1] = over >= 0 ? 1 : with[with.length - 1];
            store.put(m.key(), print(with), with[EACH + 1] + SPANS[1]);
        }
        return new Verdict(over < 0 ? "" : WORDS.get(over), count, first);
    }

    private static int over(long[] counts, List<Long> limits) {
        for (int i = 0; i < WORDS.size(); i++) {
            long limit = i < limits.size() ? limits.get(i) : 0;
            if (limit > 0 && counts[place(i)] > limit) {
                return i;
            }
        }
        return -1;
    }

    /// The index of a count, given that of its word.
    private static int place(int word) {
        return word / EACH * (EACH + 1) + 1 + word % EACH;
    }

    private long[] known(String key) {
        String text = store.get(key).orElse("");
        long[] numbers = new long[SPANS.length * (EACH + 1) + 1];
        if (text.matches("[0-9]{1,18}( [0-9]{1,18}){8}")) {
            String[] parts = text.split(" ");
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = Long.parseLong(parts[i]);
            }
        }
        return numbers;
    }

    private static String print(long[] numbers) {
        var out = new StringBuilder();
        for (long number : numbers) {
            out.append(out.isEmpty() ? "" : " ").append(number);
        }
        return out.toString();
    }
}
