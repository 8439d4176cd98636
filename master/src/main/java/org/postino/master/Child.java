// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.postino.linux.NativeFd;

/// A running daemon, as master sees it.
final class Child {
    /// How far it is.
    enum Phase {
        STARTING,
        RUNNING,
        /// Told to finish what it has, or leaving by itself.
        DRAINING
    }

    private final Launcher.Started started;
    private final long startedAt;
    private final LineBuffer controlLines = new LineBuffer();
    private final LineBuffer eventLines = new LineBuffer();
    private Phase phase = Phase.STARTING;
    private boolean wasReady;
    private boolean mayAccept = true;
    private boolean controlOpen = true;
    private boolean eventsOpen = true;
    private int sessions;

    /// A daemon of the master before this one, told once more to finish.
    static Child ofPredecessor(Launcher.Started started, long startedAt) {
        var child = new Child(started, startedAt);
        child.tell("drain");
        child.mayAccept = false; // it has said so to the other master, if it is one that does
        return child;
    }

    /// @param startedAt in the terms of [System#nanoTime()]
    Child(Launcher.Started started, long startedAt) {
        this.started = started;
        this.startedAt = startedAt;
    }

    int pid() {
        return started.pid();
    }

    /// What it was given because it may not open it itself.
    List<SealedFiles.Item> files() {
        return started.files();
    }

    long startedAt() {
        return startedAt;
    }

    Phase phase() {
        return phase;
    }

    /// Whether it ever said that it was ready.
    boolean wasReady() {
        return wasReady;
    }

    /// Whether it may still accept a connection: it has not said that it does not.
    boolean mayAccept() {
        return mayAccept;
    }

    int sessions() {
        return sessions;
    }

    NativeFd control() {
        return started.control();
    }

    NativeFd events() {
        return started.events();
    }

    NativeFd process() {
        return started.process();
    }

    boolean isControlOpen() {
        return controlOpen;
    }

    boolean areEventsOpen() {
        return eventsOpen;
    }

    /// Tells it something: `drain`, `stop`, `wakeup`.
    void tell(String word) {
        started.control().write((word + "\n").getBytes(StandardCharsets.US_ASCII));
        if (!word.equals("wakeup")) {
            phase = Phase.DRAINING;
        }
    }

    /// What its words about itself have changed.
    enum News {
        NONE,
        READY,
        /// It takes no more connections.
        LEAVING
    }

    /// Takes its words about itself.
    News hear(byte[] buffer) throws IOException {
        Phase before = phase;
        int n = started.control().read(buffer);
        if (n < 0) {
            controlOpen = false;
            mayAccept = false;
            phase = Phase.DRAINING;
        }
        for (String line : n > 0 ? controlLines.add(buffer, n) : List.<String>of()) {
            hear(line);
        }
        if (phase == before) {
            return News.NONE;
        }
        return switch (phase) {
            case STARTING -> News.NONE;
            case RUNNING -> News.READY;
            case DRAINING -> News.LEAVING;
        };
    }

    private void hear(String line) {
        if (line.equals("ready")) {
            wasReady = true;
            if (phase == Phase.STARTING) {
                phase = Phase.RUNNING;
            }
        } else if (line.equals("leaving")) {
            mayAccept = false;
            phase = Phase.DRAINING;
        } else if (line.startsWith("sessions ")) {
            try {
                sessions = Integer.parseUnsignedInt(line.substring("sessions ".length()));
            } catch (NumberFormatException e) {
                sessions = 0; // a broken daemon; its log says more
            }
        }
    }

    /// The lines it has logged since the last call.
    List<String> logged(byte[] buffer) throws IOException {
        int n = started.events().read(buffer);
        if (n < 0) {
            eventsOpen = false;
            return eventLines.rest();
        }
        return n == 0 ? List.of() : eventLines.add(buffer, n);
    }

    void close() {
        started.control().close();
        started.events().close();
        started.process().close();
    }
}
