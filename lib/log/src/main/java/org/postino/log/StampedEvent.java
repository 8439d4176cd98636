// SPDX-License-Identifier: Apache-2.0

package org.postino.log;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/// An event and when it was: `MICROS TAB SEVERITY TAB TRACE TAB text LF` on the way to master, who has many daemons' lines to
/// put in order.
///
/// Behind the trace may stand a blank and the name of a program, if it is not that of the row.
///
/// @param micros since 1970-01-01T00:00:00Z
/// @param program the program under which it is logged; empty: that of the row
public record StampedEvent(long micros, Event event, String program) {
    /// The most bytes an event takes on its way; longer text is cut.
    public static final int LIMIT = 8192;

    /// An event of this moment.
    public static StampedEvent now(Event event) {
        return now(event, "");
    }

    /// An event of this moment.
    ///
    /// @param program the program under which it is logged; empty: that of the row
    public static StampedEvent now(Event event, String program) {
        return new StampedEvent(micros(Instant.now()), event, program);
    }

    private static long micros(Instant instant) {
        return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1000;
    }

    /// The line that is written to master, with the LF.
    public byte[] encode() {
        String line =
                micros
                        + "\t"
                        + event.severity().word()
                        + "\t"
                        + event.trace()
                        + (program.isEmpty() ? "" : " " + program)
                        + "\t"
                        + event.text()
                        + "\n";
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= LIMIT) {
            return bytes;
        }
        byte[] cut = Arrays.copyOf(bytes, LIMIT);
        cut[LIMIT - 1] = '\n';
        return cut;
    }

    /// Reads a line, less its LF. What has another form came from the Java machine itself and becomes a warning of this moment.
    public static StampedEvent parse(String line) {
        String[] parts = line.split("\t", 4);
        if (parts.length < 4 || !isNumber(parts[0])) {
            return now(new Event(Severity.WARNING, Trace.NONE, line));
        }
        int blank = parts[2].indexOf(' ');
        String trace = blank < 0 ? parts[2] : parts[2].substring(0, blank);
        return new StampedEvent(
                Long.parseLong(parts[0]),
                new Event(Severity.of(parts[1]), trace, parts[3]),
                blank < 0 ? "" : parts[2].substring(blank + 1));
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty()
                && text.length() <= 18
                && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
