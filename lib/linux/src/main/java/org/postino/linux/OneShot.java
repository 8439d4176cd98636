// SPDX-License-Identifier: Apache-2.0

package org.postino.linux;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// Work on a thread of its own that ends with it: what the work makes of its thread (ids, capabilities, Landlock, seccomp)
/// it makes of nothing else.
final class OneShot {
    private OneShot() {}

    static <T> T call(Callable<T> work) throws IOException {
        var task = new FutureTask<>(work);
        var changed = Thread.ofPlatform().name("launcher").unstarted(task);
        // Whoever wakes a virtual thread may have to start a carrier for it, which inherits what
        // its maker is. So the
        // changed thread must wake nobody but this other one.
        var unchanged =
                new FutureTask<>(() -> {
                    changed.start();
                    changed.join();
                    return task.get();
                });
        Thread.ofPlatform().name("launcher's keeper").start(unchanged);
        try {
            return unchanged.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } catch (ExecutionException e) {
            throw cause(e);
        }
    }

    private static IOException cause(ExecutionException outer) {
        Throwable e = outer;
        while (e instanceof ExecutionException && e.getCause() != null) {
            e = e.getCause();
        }
        return e instanceof IOException io ? io : new IOException(e);
    }
}
