// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;

/// The tests that a client has passed, and until when each result holds. Owned by one thread.
///
/// Its text has for each test the seconds since 1970 at which the result expires, `1764422885;1764369000;0;0;0`; 0 stands for a test that was
/// never passed.
final class PostscreenResults {
    private final Map<PostscreenCheck, Long> expiries = new EnumMap<>(PostscreenCheck.class);

    /// Reads the text; what is no number counts as never passed.
    static PostscreenResults parse(String text) {
        var results = new PostscreenResults();
        String[] parts = text.split(";", -1);
        int at = 0;
        for (PostscreenCheck test : PostscreenCheck.values()) {
            String part = at < parts.length ? parts[at++] : "";
            if (part.matches("[0-9]{1,12}")) {
                results.expiries.put(test, Long.parseLong(part));
            }
        }
        return results;
    }

    String print() {
        var out = new StringBuilder();
        for (PostscreenCheck test : PostscreenCheck.values()) {
            out.append(out.isEmpty() ? "" : ";").append(expiries.getOrDefault(test, 0L));
        }
        return out.toString();
    }

    boolean holds(PostscreenCheck test, Instant now) {
        return expiries.getOrDefault(test, 0L) > now.getEpochSecond();
    }

    /// Notes that a test was passed; a result that holds longer stays.
    void passed(PostscreenCheck test, Instant until) {
        expiries.merge(test, until.getEpochSecond(), Math::max);
    }

    /// The time at which the last result expires.
    Instant last() {
        long last = 0;
        for (long expiry : expiries.values()) {
            last = Math.max(last, expiry);
        }
        return Instant.ofEpochSecond(last);
    }
}
