// SPDX-License-Identifier: Apache-2.0

package org.postino.qmgr;

import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.slf4j.Logger;

/// Takes messages whose pass is over out of the active queue, on threads that may wait; its methods are the queue thread's.
///
/// Each method ends the pass, so that the queue thread does not touch the message again, and gives it to a disk thread. That one does what
/// takes a moment; a message that needs the bounce daemon goes on in a virtual thread, because this may take as long as a delivery, and disk
/// threads are few. `whenLeft` is called last, on whichever thread it was and whatever went wrong: a message that is never reported would
/// hold its place in the active queue for ever, and one that is reported too early could be loaded a second time while its file is moved.
final class Disposal {
    private static final int NOTIFYING = 20;

    private final Executor disk;
    private final Completion completion;
    private final Activation activation;
    private final Scanner scanner;
    private final Consumer<ActiveMessage> whenLeft;
    private final Logger log;
    private final Semaphore notifying = new Semaphore(NOTIFYING);

    Disposal(
            Executor disk,
            Completion completion,
            Activation activation,
            Scanner scanner,
            Consumer<ActiveMessage> whenLeft,
            Logger log) {
        this.disk = disk;
        this.completion = completion;
        this.activation = activation;
        this.scanner = scanner;
        this.whenLeft = whenLeft;
        this.log = log;
    }

    /// Removes or defers a message whose recipients all have an outcome, and tells its sender what there is to tell.
    void end(ActiveMessage m) {
        m.endPass();
        disk.execute(() -> m.traced(() -> endOnDisk(m)));
    }

    /// Forgets a message whose file was taken away.
    void forget(ActiveMessage m) {
        leave(m, completion::forget);
    }

    /// Moves a damaged message to `corrupt`.
    void setAside(ActiveMessage m) {
        leave(m, x -> activation.setAside(x.id(), x.damage()));
    }

    /// Moves a message back to `incoming`: the next queue manager goes on with it.
    void putBack(ActiveMessage m) {
        leave(m, x -> scanner.putBack(x.id()));
    }

    private void leave(ActiveMessage m, Consumer<ActiveMessage> work) {
        m.endPass();
        disk.execute(() -> m.traced(() -> finish(m, work)));
    }

    private void endOnDisk(ActiveMessage m) {
        boolean done;
        try {
            done = completion.endPlainly(m);
        } catch (RuntimeException e) {
            log.error("panic: {}: {}", m.id(), e.toString(), e);
            done = true;
        }
        if (done) {
            whenLeft.accept(m);
        } else {
            Thread.ofVirtual().start(() -> m.traced(() -> endWithNotices(m)));
        }
    }

    private void endWithNotices(ActiveMessage m) {
        notifying.acquireUninterruptibly();
        try {
            finish(m, completion::end);
        } finally {
            notifying.release();
        }
    }

    private void finish(ActiveMessage m, Consumer<ActiveMessage> work) {
        try {
            work.accept(m);
        } catch (RuntimeException e) {
            log.error("panic: {}: {}", m.id(), e.toString(), e);
        } finally {
            whenLeft.accept(m);
        }
    }
}
