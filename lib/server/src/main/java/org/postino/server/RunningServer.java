// SPDX-License-Identifier: Apache-2.0

package org.postino.server;

/// A daemon that runs within this process.
public interface RunningServer extends AutoCloseable {
    /// Wakes it up, as master does.
    void wakeup();

    /// Tells it to finish what it has and leave, as master does at a reload.
    void drain();

    /// The number of its connections.
    int sessions();

    /// True if it still serves; false once it has left, by idling too.
    boolean isRunning();

    /// Stops it, letting it finish what is under way, and waits until it has left.
    @Override
    void close();
}
