// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.postino.log.Severity;

/// A destination of finished log lines.
sealed interface LogTarget extends Closeable permits LogTarget.ToFile, LogTarget.ToStream, Syslog {
    /// Stores one line.
    ///
    /// @param stamp `Nov 22 04:44:10`
    /// @param text `postino/smtpd[123]: connect from ...`
    void write(Severity severity, String stamp, String text) throws IOException;

    /// Makes what was written visible to readers.
    default void flush() throws IOException {}

    @Override
    default void close() throws IOException {}

    /// The file `maillog_file`. It is opened anew at each reload, so that it can be rotated.
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
            out = new BufferedOutputStream(Channels.newOutputStream(channel), 32 * 1024);
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
}
