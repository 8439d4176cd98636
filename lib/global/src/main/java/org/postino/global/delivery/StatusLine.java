// SPDX-License-Identifier: Apache-2.0

package org.postino.global.delivery;

import java.time.Duration;
import java.time.Instant;
import org.postino.global.queue.QueueId;
import org.postino.global.queue.Recipient;
import org.postino.global.smtp.Dsn;

/// The one log line per recipient per attempt that mail log analysers live on.
///
/// `QID: to=<R>, orig_to=<O>, relay=HOST, delay=D, delays=a/b/c/d, dsn=X.Y.Z, status=WORD (TEXT)`
public final class StatusLine {
    private StatusLine() {}

    /// The line without the program's prefix.
    ///
    /// @param word `sent`, `deferred`, `bounced`, `SOFTBOUNCE`
    public static String of(
            QueueId id,
            Recipient recipient,
            String relay,
            Instant arrival,
            Instant activeSince,
            Attempt times,
            Dsn dsn,
            String word) {
        var out = new StringBuilder(160);
        out.append(id.text()).append(": to=<").append(clean(recipient.address())).append('>');
        if (!recipient.original().isEmpty()
                && !recipient.original().equalsIgnoreCase(recipient.address())) {
            out.append(", orig_to=<").append(clean(recipient.original())).append('>');
        }
        out.append(", relay=").append(clean(relay));
        if (times.connectionUse() > 1) {
            out.append(", conn_use=").append(times.connectionUse());
        }
        out.append(", delay=").append(seconds(arrival, times.ended()));
        out.append(", delays=").append(seconds(arrival, activeSince));
        out.append('/').append(seconds(activeSince, times.begun()));
        out.append('/').append(seconds(times.begun(), times.ready()));
        out.append('/').append(seconds(times.ready(), times.ended()));
        if (times.tls() != null) {
            out.append(", tls=").append(times.tls());
        }
        out.append(", dsn=").append(dsn.status()).append(", status=").append(word);
        return out.append(" (").append(clean(dsn.reason())).append(')').toString();
    }

    /// A span in seconds as log lines show it: at most two significant digits, none beyond hundredths, no trailing zeros.
    static String seconds(Instant from, Instant to) {
        long millis = Math.max(0, Duration.between(from, to).toMillis());
        if (millis >= 9_950) {
            return Long.toString((millis + 500) / 1000);
        }
        // Below ten seconds two digits are left: tenths from one second on, hundredths before.
        long hundredths = millis >= 995 ? (millis + 50) / 100 * 10 : (millis + 5) / 10;
        long whole = hundredths / 100;
        long rest = hundredths % 100;
        if (rest == 0) {
            return Long.toString(whole);
        }
        if (rest % 10 == 0) {
            return whole + "." + rest / 10;
        }
        return whole + (rest < 10 ? ".0" : ".") + rest;
    }

    /// Text as it may stand in a log line: control characters are replaced by `?`.
    public static String clean(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                return replaced(text);
            }
        }
        return text;
    }

    private static String replaced(String text) {
        var out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            out.append(Character.isISOControl(c) ? '?' : c);
        }
        return out.toString();
    }
}
