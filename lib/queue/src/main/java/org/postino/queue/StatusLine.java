// SPDX-License-Identifier: Apache-2.0

package org.postino.queue;

import java.time.Duration;
import java.time.Instant;
import org.postino.message.Address;
import org.postino.smtp.Dsn;
import org.postino.util.Printable;

/// The log line of a recipient in an attempt, which log analysers read.
///
/// `QID: to=<R>, orig_to=<O>, relay=HOST, delay=D, delays=a/b/c/d, dsn=X.Y.Z, status=WORD (TEXT)`
public final class StatusLine {
    private StatusLine() {}

    /// The line without the program's prefix.
    ///
    /// @param word `sent`, `deferred`, `bounced`, `SOFTBOUNCE`, `deliverable`, `undeliverable`
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
        out.append(id.text()).append(": to=<").append(address(recipient.address())).append('>');
        if (!recipient.original().isEmpty()
                && !recipient.original().equalsIgnoreCase(recipient.address())) {
            out.append(", orig_to=<").append(address(recipient.original())).append('>');
        }
        out.append(", relay=").append(Printable.text(relay));
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
        return out.append(" (").append(Printable.text(dsn.reason())).append(')').toString();
    }

    /// An address in internal form as log lines show it: quoted where it must be, without control characters. The null sender is
    /// empty.
    public static String address(String internal) {
        return internal.isEmpty() ? "" : Printable.text(Address.parse(internal).quoted());
    }

    static String seconds(Instant from, Instant to) {
        return seconds(Duration.between(from, to));
    }

    /// A span in seconds as log lines show it: at most two significant digits, none beyond hundredths, no trailing zeros.
    public static String seconds(Duration span) {
        long millis = Math.max(0, span.toMillis());
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
}
