// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.postino.linux.UnixDatagram;
import org.postino.log.Severity;

/// Sends lines to the system's log daemon, in the C library's form: `<PRI>Nov 22 04:44:10 tag[pid]: text` (RFC 3164, 4.1).
///
/// A log daemon that is away or stuck must hold up no mail. Meanwhile lines go to the fallback, and the daemon is tried again once
/// a second. When it is back, it is told how many lines it missed.
final class Syslog implements LogTarget {
    private static final Duration PATIENCE = Duration.ofMillis(200);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final String address;
    private final int facility;
    private final @Nullable LogTarget fallback;
    private final LongSupplier nanoTime;
    private @Nullable UnixDatagram socket;
    private long lost;
    private long nextTry;

    /// @param facility the number of the facility, 2 for `mail`
    /// @param fallback takes the lines that the daemon does not take; null if they are lost
    Syslog(String address, int facility, @Nullable LogTarget fallback, LongSupplier nanoTime) {
        this.address = address;
        this.facility = facility;
        this.fallback = fallback;
        this.nanoTime = nanoTime;
        this.nextTry = nanoTime.getAsLong();
    }

    @Override
    public void write(Severity severity, String stamp, String text) throws IOException {
        if (nextTry - nanoTime.getAsLong() > 0) {
            missed(severity, stamp, text);
            return;
        }
        try {
            if (lost > 0) {
                String news = "warning: the log daemon was away: it missed " + lost + " lines";
                send(message(Severity.WARNING, stamp, tag(text) + news));
                lost = 0;
            }
            send(message(severity, stamp, text));
        } catch (IOException e) {
            missed(severity, stamp, text);
            nextTry = nanoTime.getAsLong() + PAUSE.toNanos();
            throw new IOException(
                    e.getMessage()
                            + "; until somebody listens there, log lines "
                            + (fallback == null ? "are lost" : "come here"),
                    e);
        }
    }

    private void missed(Severity severity, String stamp, String text) throws IOException {
        lost++;
        if (fallback != null) {
            fallback.write(severity, stamp, text);
        }
    }

    /// Sends on the open socket, or on a new one if the daemon was started anew.
    private void send(byte[] message) throws IOException {
        UnixDatagram open = socket;
        if (open != null) {
            try {
                deliver(open, message);
                return;
            } catch (StuckException e) {
                throw e;
            } catch (IOException e) {
                close();
            }
        }
        open = UnixDatagram.connect(address);
        socket = open;
        deliver(open, message);
    }

    private void deliver(UnixDatagram to, byte[] message) throws IOException {
        if (!to.send(message, PATIENCE)) {
            throw new StuckException(address + ": the log daemon takes no more");
        }
    }

    /// The log daemon is there, but does not read.
    private static final class StuckException extends IOException {
        private StuckException(String text) {
            super(text);
        }
    }

    private byte[] message(Severity severity, String stamp, String text) {
        return ("<" + (facility << 3 | level(severity)) + ">" + stamp + " " + text)
                .getBytes(StandardCharsets.UTF_8);
    }

    /// Returns the tag of a line, `postino/smtpd[123]: ` or `dovecot: `.
    private static String tag(String text) {
        int end = text.indexOf(": ");
        return end < 0 ? "" : text.substring(0, end + 2);
    }

    /// Returns syslog's number of a severity (RFC 5424, 6.2.1).
    private static int level(Severity severity) {
        return switch (severity) {
            case DEBUG -> 7;
            case INFO -> 6;
            case WARNING -> 4;
            case ERROR -> 3;
            case FATAL, PANIC -> 2;
        };
    }

    @Override
    public void flush() throws IOException {
        if (fallback != null) {
            fallback.flush();
        }
    }

    @Override
    public void close() {
        UnixDatagram open = socket;
        socket = null;
        if (open != null) {
            open.close();
        }
    }
}
