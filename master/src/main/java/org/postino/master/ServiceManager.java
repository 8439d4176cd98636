// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.postino.linux.UnixDatagram;

/// Tells systemd, or another service manager that speaks sd_notify(3), that the suite is ready, reloads, stops, or lives.
///
/// Every message comes from master's own loop, so a loop that hangs is silent, and the manager's watchdog ends it. Without
/// `NOTIFY_SOCKET` nothing is sent and no code for it is loaded.
final class ServiceManager {
    private static final Duration PATIENCE = Duration.ofMillis(100);
    private static final Duration STATUS_PAUSE = Duration.ofSeconds(5);

    private final String address;
    private final long pid;
    private final LongSupplier nanoTime;
    private final long beat;
    private long lastBeat;
    private long lastStatus;
    private String status = "";

    private ServiceManager(String address, long pid, long beat, LongSupplier nanoTime) {
        this.address = address;
        this.pid = pid;
        this.beat = beat;
        this.nanoTime = nanoTime;
        this.lastBeat = nanoTime.getAsLong() - beat;
        this.lastStatus = nanoTime.getAsLong() - STATUS_PAUSE.toNanos();
    }

    /// Makes the connection to the manager that the environment names.
    ///
    /// @param pid the number of this process
    static ServiceManager of(Map<String, String> environment, long pid, LongSupplier nanoTime) {
        String address = environment.getOrDefault("NOTIFY_SOCKET", "");
        boolean usable = address.startsWith("/") || address.startsWith("@");
        return new ServiceManager(
                usable ? address : "", pid, usable ? beat(environment, pid) : 0, nanoTime);
    }

    /// Returns half the time after which the manager takes us for dead, in nanoseconds; 0 if it does not watch this process.
    private static long beat(Map<String, String> environment, long pid) {
        String whom = environment.getOrDefault("WATCHDOG_PID", "");
        if (!whom.isEmpty() && !whom.equals(Long.toString(pid))) {
            return 0;
        }
        try {
            long micros = Long.parseLong(environment.getOrDefault("WATCHDOG_USEC", "0"));
            return Math.max(0, Math.multiplyExact(micros, 1000L) / 2);
        } catch (ArithmeticException | NumberFormatException e) {
            return 0;
        }
    }

    /// Tells that every socket is bound, and by which process: after the start, and after each reload.
    void ready() {
        say("READY=1\nMAINPID=" + pid);
    }

    /// Tells that a reload begins. [#ready()] ends it, whether it succeeded or not.
    void reloading() {
        // CLOCK_MONOTONIC, which is what System.nanoTime() reads on Linux.
        say("RELOADING=1\nMONOTONIC_USEC=" + System.nanoTime() / 1000);
    }

    void stopping() {
        status = "finishing what is under way";
        say("STOPPING=1\nSTATUS=" + status);
    }

    /// Sends a sign of life if it is time for one. Called in every turn of the loop.
    void turn() {
        long now = nanoTime.getAsLong();
        if (beat > 0 && now - lastBeat >= beat) {
            lastBeat = now;
            say("WATCHDOG=1");
        }
    }

    /// Sends a line for people, if it differs from the last one and that is more than a moment old.
    void status(String text) {
        long now = nanoTime.getAsLong();
        if (!text.equals(status) && now - lastStatus >= STATUS_PAUSE.toNanos()) {
            lastStatus = now;
            status = text;
            say("STATUS=" + text);
        }
    }

    boolean isThere() {
        return !address.isEmpty();
    }

    /// Returns the time in nanoseconds that the loop may wait before its next turn, at most `longest`.
    long pause(long longest) {
        return beat == 0
                ? longest
                : Math.min(longest, Math.max(0, lastBeat + beat - nanoTime.getAsLong()));
    }

    /// Sends a message. Errors are ignored: notifying the service manager is best effort.
    private void say(String text) {
        if (address.isEmpty()) {
            return;
        }
        @Nullable UnixDatagram socket = null;
        try {
            socket = UnixDatagram.connect(address);
            socket.send(text.getBytes(StandardCharsets.UTF_8), PATIENCE);
        } catch (IOException e) {
            return;
        } finally {
            if (socket != null) {
                socket.close();
            }
        }
    }
}
