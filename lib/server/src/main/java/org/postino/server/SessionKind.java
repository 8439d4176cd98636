// SPDX-License-Identifier: Apache-2.0

package org.postino.server;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/// The difference between the skeletons: it makes a session of an accepted channel, and knows how to hurry one.
interface SessionKind {
    /// The silence after which a client is cut off when the suite is stopped.
    Duration QUIET = Duration.ofSeconds(1);

    /// True if sessions shall end when the configuration was reloaded, or go on until their clients leave.
    boolean reloadEndsSessions();

    /// True if the daemon stays longer without work while a peer keeps a connection.
    default boolean keepsWarm() {
        return false;
    }

    Session session(SocketChannel channel, String trace) throws IOException;

    /// One accepted connection.
    interface Session {
        /// Serves it to its end and closes it.
        void run() throws IOException;

        /// True if it is between two requests, with nothing under way.
        boolean isWaiting();

        /// Ends it if nothing is under way; called again and again while the daemon wants to leave.
        void hurry();

        /// The time at which bytes last moved, in the terms of [System#nanoTime()].
        long lastActivity();

        /// Ends it in any case.
        void abort();

        /// True if nobody has logged in yet, so that it may have to make room for others.
        default boolean isNewcomer() {
            return false;
        }

        /// By what its client is counted ([org.postino.util.ClientNetwork]); empty if it is not.
        default String origin() {
            return "";
        }

        /// The time at which it began, in the terms of [System#nanoTime()].
        default long since() {
            return lastActivity();
        }

        /// Lets it find the end of its client's input, so that it ends in order.
        default void showOut() {
            abort();
        }
    }
}
