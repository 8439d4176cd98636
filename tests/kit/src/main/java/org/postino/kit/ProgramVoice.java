// SPDX-License-Identifier: Apache-2.0

package org.postino.kit;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// The output of a program, line by line as it comes; the beginning of a line too, for a program that waits behind a question.
///
/// A thread of its own listens until the program has said all; who asks waits for it.
final class ProgramVoice {
    private final Deque<String> lines = new ArrayDeque<>();
    private final StringBuilder unfinished = new StringBuilder();
    private final Thread ears;
    private boolean ended;

    ProgramVoice(InputStream in) {
        ears = Thread.ofVirtual().start(() -> listen(in));
    }

    /// The next line without its end and blanks before that; null if none comes any more or within the time.
    synchronized @Nullable String line(Duration patience) throws InterruptedException {
        await(() -> !lines.isEmpty(), patience);
        return lines.poll();
    }

    /// True if the program comes to wait behind this question; what it said before is dropped.
    synchronized boolean asks(String question, Duration patience) throws InterruptedException {
        if (!await(() -> unfinished.toString().strip().equals(question), patience)) {
            return false;
        }
        lines.clear();
        unfinished.setLength(0);
        return true;
    }

    /// The output so far that nobody has asked for.
    synchronized String rest() {
        return String.join("\n", lines) + "\n" + unfinished;
    }

    /// Waits until the program has said all.
    void join() throws InterruptedException {
        ears.join();
    }

    /// True if it came to that before the program had said all, and within the time.
    private synchronized boolean await(BooleanSupplier condition, Duration patience)
            throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        long left = patience.toMillis();
        while (!condition.getAsBoolean() && !ended && left > 0) {
            wait(left);
            left = (end - System.nanoTime()) / 1_000_000;
        }
        return condition.getAsBoolean();
    }

    private void listen(InputStream in) {
        try (Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8)) {
            var buffer = new char[4096];
            for (int n = reader.read(buffer); n >= 0; n = reader.read(buffer)) {
                hear(buffer, n);
            }
        } catch (IOException e) {
            String problem = "(" + e.getMessage() + ")";
            hear(problem.toCharArray(), problem.length());
        }
        end();
    }

    private synchronized void hear(char[] text, int length) {
        for (int i = 0; i < length; i++) {
            if (text[i] == '\n') {
                finishLine();
            } else {
                unfinished.append(text[i]);
            }
        }
        notifyAll();
    }

    private synchronized void end() {
        if (!unfinished.isEmpty()) {
            finishLine();
        }
        ended = true;
        notifyAll();
    }

    private void finishLine() {
        lines.add(unfinished.toString().stripTrailing());
        unfinished.setLength(0);
    }
}
