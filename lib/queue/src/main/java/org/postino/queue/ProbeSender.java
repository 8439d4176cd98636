// SPDX-License-Identifier: Apache-2.0

package org.postino.queue;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.postino.config.Config;
import org.postino.config.MainParams;

/// The sender of probes of addresses. It may change with time, so that nobody forges it for long.
///
/// @param address with a domain; empty for the null sender
/// @param life how long it stays the same; zero: for ever
public record ProbeSender(String address, Duration life) {
    private static final int RADIX = 31;

    /// The sender that main.cf names.
    public static ProbeSender of(Config config) {
        String name = config.get(MainParams.ADDRESS_VERIFY_SENDER).strip();
        boolean complete = name.isEmpty() || name.equals("<>") || name.indexOf('@') >= 0;
        String full = complete ? name : name + "@" + config.get(MainParams.MYORIGIN);
        return new ProbeSender(
                full.equals("<>") ? "" : full, config.get(MainParams.ADDRESS_VERIFY_SENDER_TTL));
    }

    /// The address now.
    public String at(Instant now) {
        return life.isZero() || address.isEmpty() ? address : numbered(number(now));
    }

    /// True if mail to or from an address concerns probes: it is the sender of today, or was it lately.
    public boolean isOne(String other, Instant now) {
        return !address.isEmpty()
                && (other.equalsIgnoreCase(at(now))
                        || (!life.isZero() && other.equalsIgnoreCase(numbered(number(now) - 1))));
    }

    private long number(Instant now) {
        return now.getEpochSecond() / Math.max(1, life.toSeconds());
    }

    private String numbered(long number) {
        int at = address.lastIndexOf('@');
        return address.substring(0, at)
                + Long.toString(number, RADIX).toLowerCase(Locale.ROOT)
                + address.substring(at);
    }
}
