// SPDX-License-Identifier: Apache-2.0

package org.postino.postmail;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postino.commands.Cli;
import org.postino.util.Printable;

/// A line on the terminal that tells how far long work is. Where standard error is no terminal, nothing is written.
final class ProgressLine {
    private static final long BETWEEN = TimeUnit.MILLISECONDS.toNanos(200);
    private static final String CLEAR = "\r\u001b[K";

    private final @Nullable PrintStream terminal;
    private long last = System.nanoTime();
    private boolean shown;

    ProgressLine(@Nullable PrintStream terminal) {
        this.terminal = terminal;
    }

    static ProgressLine on(Cli.Io io) {
        return new ProgressLine(isTerminal() ? io.err() : null);
    }

    private static boolean isTerminal() {
        try {
            String device = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
            return device.startsWith("/dev/pts/") || device.startsWith("/dev/tty");
        } catch (IOException e) {
            return false;
        }
    }

    /// Tells of a step, if the last one told was some time ago.
    ///
    /// @param all the number of steps; 0 if nobody knows
    void step(String what, long done, long all) {
        long now = System.nanoTime();
        if (terminal != null && now - last > BETWEEN) {
            last = now;
            shown = true;
            String count = all > 0 ? done + "/" + all : Long.toString(done);
            terminal.print(CLEAR + Printable.text(what) + " " + count);
            terminal.flush();
        }
    }

    /// Takes the line away, for others.
    void clear() {
        if (terminal != null && shown) {
            terminal.print(CLEAR);
            terminal.flush();
            shown = false;
        }
    }
}
