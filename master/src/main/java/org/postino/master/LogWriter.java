// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import java.io.IOException;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.EnumSet;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.config.SyslogFacility;
import org.postino.log.Event;
import org.postino.log.LogName;
import org.postino.log.Severity;
import org.postino.log.Trace;
import org.postino.message.MailDate;
import org.postino.util.ByteNames;

/// Stamps events and stores them: `Nov 22 04:44:10 host postino/smtpd[123]: text`.
final class LogWriter {
    private static final String SYSLOG = "/dev/log";

    private final Clock clock;
    private final boolean foreground;
    private final ZoneId zone = ZoneId.systemDefault();
    private LogTarget target;
    private long stampedSecond = Long.MIN_VALUE;
    private String stamp = "";
    private LogName name = LogName.of("postino", "master");
    private boolean complained;

    LogWriter(Clock clock, boolean foreground) {
        this.clock = clock;
        this.foreground = foreground;
        this.target = new LogTarget.ToStream(System.err, "-");
    }

    /// True if the suite runs in the foreground.
    boolean isForeground() {
        return foreground;
    }

    /// Opens the log that the configuration names, in place of the one before.
    ///
    /// @throws IOException it cannot be opened; the one before stays open
    void open(Config config) throws IOException {
        LogTarget opened = target(config);
        target.close();
        target = opened;
        name = LogName.of(config.get(MainParams.SYSLOG_NAME), "master");
        complained = false;
    }

    private LogTarget target(Config config) throws IOException {
        String file = config.get(MainParams.MAILLOG_FILE);
        String host = config.get(MainParams.MYHOSTNAME);
        int dot = host.indexOf('.');
        String label = dot > 0 ? host.substring(0, dot) : host;
        return switch (file) {
            case "" ->
                    new Syslog(
                            SYSLOG,
                            SyslogFacility.number(config.get(MainParams.SYSLOG_FACILITY)),
                            foreground ? new LogTarget.ToStream(System.err, label) : null,
                            System::nanoTime);
            case "/dev/stdout" -> new LogTarget.ToStream(System.out, label);
            case "/dev/stderr" -> new LogTarget.ToStream(System.err, label);
            default ->
                    new LogTarget.ToFile(
                            ByteNames.path(file),
                            symbolic(config.get(MainParams.MAILLOG_FILE_PERMISSIONS)),
                            label);
        };
    }

    /// Turns octal permissions into Java's form: `0640` is `rw-r-----`. A bad text means `0600`.
    private static String symbolic(String octal) {
        int bits;
        try {
            bits = Integer.parseInt(octal, 8);
        } catch (NumberFormatException e) {
            bits = 0600;
        }
        var set = EnumSet.noneOf(PosixFilePermission.class);
        PosixFilePermission[] all = PosixFilePermission.values();
        for (int i = 0; i < all.length; i++) {
            if ((bits & (0400 >> i)) != 0) {
                set.add(all[i]);
            }
        }
        return PosixFilePermissions.toString(set);
    }

    /// Stores an event.
    ///
    /// @param name the name of the program that sent it
    void write(LogName name, long pid, Event event) {
        try {
            target.write(event.severity(), stamp(), name.line(pid, event));
        } catch (IOException e) {
            complain(e);
        }
    }

    /// Stores a line of `postlog`: `log TAB severity TAB tag TAB pid TAB text`.
    void writeFor(String request, String syslogName) {
        String[] parts = request.split("\t", 5);
        if (parts.length == 5 && parts[3].matches("[0-9]{1,9}")) {
            write(
                    LogName.of(syslogName, parts[2]),
                    Long.parseLong(parts[3]),
                    new Event(Severity.of(parts[1]), Trace.NONE, parts[4]));
        }
    }

    /// Makes the written lines visible to readers.
    void flush() {
        try {
            target.flush();
        } catch (IOException e) {
            complain(e);
        }
    }

    void close() {
        try {
            target.close();
        } catch (IOException e) {
            complain(e);
        }
    }

    /// Reports once, on standard error, that the log cannot be written. Mail goes on.
    private void complain(IOException e) {
        if (!complained) {
            complained = true;
            System.err.println("postino: warning: cannot write the log: " + e.getMessage());
        }
    }

    private String stamp() {
        long second = Math.floorDiv(clock.millis(), 1000);
        if (second != stampedSecond) {
            stampedSecond = second;
            var instant = Instant.ofEpochSecond(second);
            var now = LocalDateTime.ofEpochSecond(second, 0, zone.getRules().getOffset(instant));
            stamp =
                    MailDate.month(now.getMonthValue())
                            + (now.getDayOfMonth() < 10 ? "  " : " ")
                            + now.getDayOfMonth()
                            + " "
                            + two(now.getHour())
                            + ":"
                            + two(now.getMinute())
                            + ":"
                            + two(now.getSecond());
        }
        return stamp;
    }

    private static String two(int number) {
        return number < 10 ? "0" + number : Integer.toString(number);
    }

    /// Stores an event of master itself.
    void say(Severity severity, String text) {
        write(name, ProcessHandle.current().pid(), new Event(severity, Trace.NONE, text));
    }
}
