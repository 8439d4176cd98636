// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.postino.linux.NativeFd;

/// A daemon that master has started, until it is collected.
final class Child {
    /// The state of a daemon's life.
    enum Phase {
        STARTING,
        RUNNING,
        /// The daemon was told to finish its sessions, or leaves by itself.
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

    /// Takes over a daemon of the master before this one, and tells it once more to finish.
    static Child ofPredecessor(Launcher.Started started, long startedAt) {
        var child = new Child(started, startedAt);
        child.tell("drain");
        child.mayAccept = false; // it has said so to the other master, if it is one that does
        return child;
    }

    /// @param startedAt a time of [System#nanoTime()]
    Child(Launcher.Started started, long startedAt) {
        this.started = started;
        this.startedAt = startedAt;
    }

    int pid() {
        return started.pid();
    }

    /// Returns the files that were handed to it because it may not open them.
    List<SealedFiles.Item> files() {
        return started.files();
    }

    long startedAt() {
        return startedAt;
    }

    Phase phase() {
        return phase;
    }

    /// True if it has ever said that it was ready.
    boolean wasReady() {
        return wasReady;
    }

    /// True if it may still accept a connection, that is, until it says that it leaves or closes its line to master.
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

    /// Sends it a command: `drain`, `stop` or `wakeup`. After the first two it counts as draining.
    void tell(String word) {
        started.control().write((word + "\n").getBytes(StandardCharsets.US_ASCII));
        if (!word.equals("wakeup")) {
            phase = Phase.DRAINING;
        }
    }

    /// A change in a daemon's state that its own words have brought.
    enum News {
        NONE,
        READY,
        /// The daemon takes no more connections.
        LEAVING
    }

    /// Reads the daemon's words about itself, and returns the change that they bring.
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

    /// Reads the lines that it has logged since the last call.
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
