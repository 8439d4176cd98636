// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.suite.ConfigCheck;
import org.postino.util.ByteNames;

/// `postino logrotate`: renames `maillog_file`, lets master begin a new one, and compresses the old.
///
/// If the file has been renamed already, by logrotate(8) say, master just begins a new one.
final class LogRotation {
    private final Config config;
    private final Reopen reopen;

    /// Makes master open the log file anew.
    @FunctionalInterface
    interface Reopen {
        void run() throws IOException;
    }

    LogRotation(Config config, Reopen reopen) {
        this.config = config;
        this.reopen = reopen;
    }

    /// Rotates the log.
    ///
    /// @throws IOException a step failed; the text is for people
    void run() throws IOException {
        Path file = file();
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            reopen.run();
            return;
        }
        Path old = file.resolveSibling(file.getFileName() + "." + suffix());
        if (Files.exists(old, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(old + " exists already: nothing was changed");
        }
        Files.move(file, old);
        reopen.run();
        compress(old);
    }

    private Path file() throws IOException {
        String name = config.get(MainParams.MAILLOG_FILE);
        if (name.isEmpty()) {
            throw new IOException("maillog_file is empty: the system's log daemon keeps the log");
        }
        if (name.startsWith("/dev/")) {
            throw new IOException("maillog_file = " + name + " is not a file that can be rotated");
        }
        if (!ConfigCheck.isLogFileAllowed(config)) {
            throw new IOException(
                    "maillog_file = " + name + " does not begin with one of maillog_file_prefixes");
        }
        return ByteNames.path(name);
    }

    /// Returns the suffix that date(1) makes of the format, since everybody knows its conversions.
    private String suffix() throws IOException {
        String format = config.get(MainParams.MAILLOG_FILE_ROTATE_SUFFIX);
        String text = output(List.of("date", "+" + format)).strip();
        if (text.isEmpty() || text.contains("/")) {
            throw new IOException("maillog_file_rotate_suffix = " + format + " makes no file name");
        }
        return text;
    }

    private void compress(Path old) throws IOException {
        String compressor = config.get(MainParams.MAILLOG_FILE_COMPRESSOR);
        if (!compressor.isEmpty()) {
            output(List.of(compressor, old.toString()));
        }
    }

    private static String output(List<String> command) throws IOException {
        Process process =
                new ProcessBuilder(command.stream().map(ByteNames::raw).toList())
                        .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            int status = process.waitFor();
            if (status != 0) {
                throw new IOException(String.join(" ", command) + ": exit status " + status);
            }
            return out;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(command.getFirst() + ": interrupted", e);
        }
    }
}
