// SPDX-License-Identifier: Apache-2.0

package org.postino.linux;

/// Signals that a program wants to hear of instead of being ended by them.
public final class Signals {
    private static final int SIGHUP = 1;
    private static final int SIGUSR1 = 10;
    private static final int SIG_DFL = 0;

    private Signals() {}

    /// Runs an action, on a thread of its own, whenever SIGHUP arrives; also where it was ignored so far, as under `nohup`.
    public static void onHangup(Runnable action) {
        handle("HUP", SIGHUP, action);
    }

    /// Runs `action` at each SIGUSR1.
    public static void onUser1(Runnable action) {
        handle("USR1", SIGUSR1, action);
    }

    @SuppressWarnings("sunapi") // Java has no other door to a signal
    private static void handle(String name, int number, Runnable action) {
        // The Java machine leaves a signal alone that it finds ignored.
        Libc.call(Libc.Fn.SIGNAL, number, SIG_DFL);
        sun.misc.Signal.handle(new sun.misc.Signal(name), _ -> action.run());
    }
}
