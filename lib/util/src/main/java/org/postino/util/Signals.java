// SPDX-License-Identifier: Apache-2.0

package org.postino.util;

/// Signals that a program wants to hear of instead of being ended by them.
public final class Signals {
    private static final int SIGHUP = 1;
    private static final int SIG_DFL = 0;

    private Signals() {}

    /// Runs an action, on a thread of its own, whenever SIGHUP arrives; also where it was ignored so far, as under `nohup`.
    @SuppressWarnings("sunapi") // Java has no other door to a signal
    public static void onHangup(Runnable action) {
        // The Java machine leaves a signal alone that it finds ignored.
        Libc.call(Libc.Fn.SIGNAL, SIGHUP, SIG_DFL);
        sun.misc.Signal.handle(new sun.misc.Signal("HUP"), _ -> action.run());
    }
}
