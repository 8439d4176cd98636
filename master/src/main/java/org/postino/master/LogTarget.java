// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postino.global.log.Severity;
import org.postino.util.SyslogSocket;

/// Where finished log lines go.
sealed interface LogTarget extends Closeable {
    /// Stores one line.
    ///
    /// @param stamp `Nov 22 04:44:10`
    /// @param text `postino/smtpd[123]: connect from ...`
    void write(Severity severity, String stamp, String text) throws IOException;

    /// Makes what was written visible to readers.
    default void flush() throws IOException {}

    @Override
    default void close() throws IOException {}

    /// `maillog_file`, opened anew at each reload so that it can be rotated.
    final class ToFile implements LogTarget {
        private final OutputStream out;
        private final String host;

        ToFile(Path file, String permissions, String host) throws IOException {
            this.host = host;
            Path directory = file.getParent();
            if (directory != null) {
                Files.createDirectories(directory);
            }
            var channel =
                    Files.newByteChannel(
                            file,
                            Set.of(
                                    StandardOpenOption.CREATE,
                                    StandardOpenOption.WRITE,
                                    StandardOpenOption.APPEND),
                            PosixFilePermissions.asFileAttribute(
                                    PosixFilePermissions.fromString(permissions)));
            out =
                    new java.io.BufferedOutputStream(
                            java.nio.channels.Channels.newOutputStream(channel), 32 * 1024);
        }

        @Override
        public void write(Severity severity, String stamp, String text) throws IOException {
            out.write((stamp + " " + host + " " + text + "\n").getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }

    /// Standard output or error of a master in the foreground.
    record ToStream(PrintStream stream, String host) implements LogTarget {
        @Override
        public void write(Severity severity, String stamp, String text) {
            stream.println(stamp + " " + host + " " + text);
        }
    }

    /// The system's log daemon.
    final class ToSyslog implements LogTarget {
        private static final int MAIL = 2 << 3;
        private final Path path;
        private @Nullable SyslogSocket socket;

        ToSyslog(Path path) {
            this.path = path;
        }

        @Override
        public void write(Severity severity, String stamp, String text) throws IOException {
            byte[] message =
                    ("<" + (MAIL | level(severity)) + ">" + stamp + " " + text)
                            .getBytes(StandardCharsets.UTF_8);
            try {
                socket().send(message);
            } catch (IOException e) {
                // The log daemon was started anew: once more on a new socket.
                close();
                socket().send(message);
            }
        }

        private SyslogSocket socket() throws IOException {
            SyslogSocket open = socket;
            if (open == null) {
                open = new SyslogSocket(path);
                socket = open;
            }
            return open;
        }

        /// Syslog's numbers (RFC 5424, 6.2.1).
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
        public void close() throws IOException {
            SyslogSocket open = socket;
            socket = null;
            if (open != null) {
                open.close();
            }
        }
    }

    /// No place at all: a background master without `maillog_file` on a machine without a log daemon.
    record Nowhere() implements LogTarget {
        @Override
        public void write(Severity severity, String stamp, String text) {
            // nobody could read it
        }
    }
}
