// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.time.Clock;
import java.time.Instant;
import java.util.Locale;

/// Makes names no other delivery has: time, microseconds, process, a counter, host. One per process.
final class MaildirUnique {
    private final Clock clock;
    private final long pid = ProcessHandle.current().pid();
    private final String host;
    private long counter;
    private long lastMicros;

    MaildirUnique(Clock clock) {
        this.clock = clock;
        this.host = MaildirName.hostPart(DotLock.hostName());
    }

    /// A new name, `1700000000.M123456P42Q7.host`; names of one process ascend in time.
    synchronized String next() {
        Instant now = clock.instant();
        long micros = now.getEpochSecond() * 1_000_000 + now.getNano() / 1000;
        lastMicros = Math.max(lastMicros + 1, micros);
        String fraction = Long.toString(lastMicros % 1_000_000);
        return (lastMicros / 1_000_000)
                + ".M"
                + "000000".substring(fraction.length())
                + fraction
                + "P"
                + pid
                + "Q"
                + ++counter
                + "."
                + host.toLowerCase(Locale.ROOT);
    }
}
