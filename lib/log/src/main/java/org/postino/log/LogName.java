// SPDX-License-Identifier: Apache-2.0

package org.postino.log;

import java.util.Map;

/// The name under which the events of a program stand in the log, and the form of the line that follows from it.
///
/// @param tag the program as the log knows it, `postino/smtpd` or `dovecot`
/// @param part the part of Dovecot that the line speaks of, `imap`; empty: lines have the form of Postfix
public record LogName(String tag, String part) {
    private static final String OWN = "postino";
    private static final String POSTFIX = "postfix";
    private static final String DOVECOT = "dovecot";

    /// The programs whose work Dovecot does beside Postfix, and what Dovecot calls it.
    private static final Map<String, String> PARTS =
            Map.of("auth", "auth", "auth-worker", "auth-worker", "imapd", "imap", "pop3d", "pop3");

    /// A name in the form of Postfix, `postfix/submission/smtpd`.
    public static LogName of(String syslogName, String program) {
        return new LogName(syslogName + "/" + program, "");
    }

    /// The name that existing tools know the program by: Postfix's, or Dovecot's for mail access. A row that says of itself
    /// `postino/submission` is taken for `postfix/submission`.
    public static LogName compatible(String syslogName, String program) {
        String part = PARTS.get(program);
        if (part != null) {
            return new LogName(DOVECOT, part);
        }
        boolean own = syslogName.equals(OWN) || syslogName.startsWith(OWN + "/");
        return of(own ? POSTFIX + syslogName.substring(OWN.length()) : syslogName, program);
    }

    /// The name of another program in the same row; an empty one stands for the row's own.
    public LogName as(String program) {
        int slash = tag.lastIndexOf('/');
        return program.isEmpty() || slash < 0
                ? this
                : new LogName(tag.substring(0, slash + 1) + program, part);
    }

    /// The event as it stands behind time and host: `postfix/smtpd[12]: warning: odd`, or
    /// `dovecot: imap-login: Warning: odd`.
    public String line(long pid, Event event) {
        String text = event.text();
        if (part.isEmpty()) {
            return tag + "[" + pid + "]: " + event.severity().prefix() + text;
        }
        // imapd and pop3d begin with the part, as "imap-login: " or "imap(alice)<12><trace>: ".
        int end =
                text.startsWith(part + "-login: ")
                        ? part.length() + "-login: ".length()
                        : text.startsWith(part + "(") ? text.indexOf(">: ") + ">: ".length() : 0;
        String beginning = end > 0 ? text.substring(0, end) : part + ": ";
        return tag + ": " + beginning + level(event.severity()) + text.substring(end);
    }

    /// Dovecot's word for a severity; everyday events have none in the system's log.
    private static String level(Severity severity) {
        return switch (severity) {
            case INFO -> "";
            case DEBUG -> "Debug: ";
            case WARNING -> "Warning: ";
            case ERROR -> "Error: ";
            case FATAL -> "Fatal: ";
            case PANIC -> "Panic: ";
        };
    }
}
