// SPDX-License-Identifier: Apache-2.0

package org.postino.log;

import java.util.concurrent.ThreadLocalRandom;

/// The trace id of what a thread is doing: made when a session begins, carried in every request, queue file and event.
public final class Trace {
    /// The trace of the session this thread serves.
    public static final ScopedValue<String> ID = ScopedValue.newInstance();

    /// The text that stands for a missing trace.
    public static final String NONE = "-";

    private static final String DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final int LENGTH = 12;
    private static final int RANDOM_BITS = 20;

    private Trace() {}

    /// The current trace id, or `-` outside a session.
    public static String current() {
        return ID.orElse(NONE);
    }

    /// A new trace id: twelve base32 characters, 40 bits of time and 20 of chance, so that they sort by time.
    public static String next() {
        long millis = System.currentTimeMillis();
        long bits = (millis << RANDOM_BITS) | ThreadLocalRandom.current().nextInt(1 << RANDOM_BITS);
        var text = new char[LENGTH];
        for (int i = LENGTH - 1; i >= 0; i--) {
            text[i] = DIGITS.charAt((int) (bits & 31));
            bits >>>= 5;
        }
        return new String(text);
    }

    /// Does something under a trace id, as when a request carries one.
    public static <X extends Exception> void run(String id, Action<X> action) throws X {
        ScopedValue.where(ID, id)
                .<Void, X>call(() -> {
                    action.run();
                    return null;
                });
    }

    /// Something to do under a trace id.
    @FunctionalInterface
    public interface Action<X extends Exception> {
        void run() throws X;
    }
}
