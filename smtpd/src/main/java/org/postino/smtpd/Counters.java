// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.util.EnumMap;
import java.util.Locale;
import org.postino.smtp.Verb;

/// Counts a session's commands, all and successful ones. Prints as the end of the `disconnect` line.
final class Counters {
    /// The order of the line.
    private static final Verb[] ORDER = {
        Verb.HELO,
        Verb.EHLO,
        Verb.STARTTLS,
        Verb.AUTH,
        Verb.XFORWARD,
        Verb.XCLIENT,
        Verb.MAIL,
        Verb.RCPT,
        Verb.DATA,
        Verb.BDAT,
        Verb.RSET,
        Verb.NOOP,
        Verb.VRFY,
        Verb.ETRN,
        Verb.HELP,
        Verb.QUIT,
        Verb.UNKNOWN
    };

    private static final class Count {
        int good;
        int total;
    }

    private final EnumMap<Verb, Count> counts = new EnumMap<>(Verb.class);

    /// Counts a command of which it is not yet known how it ends.
    void began(Verb verb) {
        counts.computeIfAbsent(shown(verb), _ -> new Count()).total++;
    }

    /// The command that was begun last with this verb succeeded.
    void succeeded(Verb verb) {
        counts.computeIfAbsent(shown(verb), _ -> new Count()).good++;
    }

    private static Verb shown(Verb verb) {
        return switch (verb) {
            case LHLO, EXPN, UNKNOWN -> Verb.UNKNOWN;
            case HELO, EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA, BDAT -> verb;
            case RSET, NOOP, VRFY, ETRN, HELP, QUIT, XFORWARD, XCLIENT -> verb;
        };
    }

    /// ` ehlo=1 auth=0/1 commands=1/2`: successes, and the total where it differs.
    @Override
    public String toString() {
        var out = new StringBuilder();
        var all = new Count();
        for (Verb verb : ORDER) {
            Count count = counts.get(verb);
            if (count != null) {
                all.good += count.good;
                all.total += count.total;
                out.append(' ').append(name(verb)).append('=').append(text(count));
            }
        }
        return out.append(" commands=").append(all.total == 0 ? "0/0" : text(all)).toString();
    }

    private static String name(Verb verb) {
        return verb.name().toLowerCase(Locale.ROOT);
    }

    private static String text(Count count) {
        return count.good == count.total
                ? Integer.toString(count.total)
                : count.good + "/" + count.total;
    }
}
