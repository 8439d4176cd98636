// SPDX-License-Identifier: Apache-2.0

package org.postino.queue;

import org.jspecify.annotations.Nullable;
import org.postino.linux.CommandRun;
import org.postino.linux.Processes;
import org.postino.smtp.Delivery;
import org.postino.smtp.Dsn;
import org.postino.smtp.EnhancedStatus;
import org.postino.smtp.StatusText;
import org.postino.util.Printable;

/// The outcome of a delivery by a command, as its end tells it: an exit status of sysexits(3), or an enhanced status at the beginning of
/// its output (RFC 3463), which takes precedence over a status that is not 0.
public final class CommandOutcome {
    private CommandOutcome() {}

    /// The outcome; words and codes are those of Postfix, but a command that took too long is tried again later.
    ///
    /// @param name the command, as it is shown to people
    /// @param success the outcome of a command that ended with status 0
    public static Delivery of(String name, CommandRun.End end, Delivery.Sent success) {
        String said = end.output().isEmpty() ? "" : ". Command output: " + end.output();
        String quoted = "\"" + Printable.text(name) + "\"";
        if (end.late()) {
            return deferred("Command time limit exceeded: " + quoted + said);
        }
        return switch (end.exit()) {
            case Processes.Exit.Status(int code) when code == 0 -> success;
            case Processes.Exit.Status(int code) -> {
                Delivery stated = stated(end.output());
                yield stated == null ? byStatus(code, quoted, said) : stated;
            }
            case Processes.Exit.Signal(int number) ->
                    deferred("Command died with signal " + number + ": " + quoted + said);
        };
    }

    /// A command that could not be started at all.
    public static Delivery notStarted(Exception why) {
        String text = Printable.text(String.valueOf(why.getMessage()));
        return deferred("cannot run command: " + text);
    }

    /// The outcome that output such as `5.7.1 not wanted here` asks for; null for other output.
    private static @Nullable Delivery stated(String output) {
        var stated = StatusText.of(output);
        EnhancedStatus status = stated.status();
        if (status == null) {
            return null;
        }
        String reason = stated.text().isEmpty() ? "command gave no reason" : stated.text();
        return status.severity() == 4
                ? new Delivery.Deferred(new Dsn(status, reason, null, null))
                : new Delivery.Bounced(new Dsn(status.withSeverity(5), reason, null, null));
    }

    private static Delivery byStatus(int code, String name, String said) {
        return switch (code) {
            case 64 -> bounced("5.3.0", "command line usage error" + said);
            case 65 -> bounced("5.6.0", "data format error" + said);
            case 66 -> bounced("5.3.0", "cannot open input" + said);
            case 67 -> bounced("5.1.1", "user unknown" + said);
            case 68 -> bounced("5.1.2", "host name unknown" + said);
            case 69 -> bounced("5.3.0", "service unavailable" + said);
            case 70 -> bounced("5.3.0", "internal software error" + said);
            case 71 -> deferred("system resource problem" + said);
            case 72 -> bounced("5.3.0", "critical OS file missing" + said);
            case 73 -> bounced("5.2.0", "can't create user output file" + said);
            case 74 -> bounced("5.3.0", "input/output error" + said);
            case 75 -> deferred("temporary failure" + said);
            case 76 -> bounced("5.5.0", "remote error in protocol" + said);
            case 77 -> bounced("5.7.0", "permission denied" + said);
            case 78 -> bounced("5.3.5", "local configuration error" + said);
            default -> bounced("5.3.0", "Command died with status " + code + ": " + name + said);
        };
    }

    private static Delivery deferred(String text) {
        return new Delivery.Deferred(Dsn.of("4.3.0", text));
    }

    private static Delivery bounced(String status, String text) {
        return new Delivery.Bounced(Dsn.of(status, text));
    }
}
