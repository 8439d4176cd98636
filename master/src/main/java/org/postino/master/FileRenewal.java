// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.postino.linux.DirectoryWatch;
import org.postino.linux.NativeFd;
import org.postino.log.Severity;

/// Watches the files that were handed to daemons, and restarts the rows of those that changed: a renewed certificate needs no
/// reload.
///
/// The old daemon finishes its sessions, and the next one takes over its sockets, so that no connection is refused.
final class FileRenewal implements Closeable {
    /// The pause between a change and the look at the files. Many may change at once, and a busy directory must not keep us busy.
    private static final Duration SOON = Duration.ofMillis(50);

    /// The pause for files that belong together, such as a certificate and its key.
    private static final Duration SETTLED = Duration.ofMillis(500);

    private static final long NEVER = Long.MAX_VALUE;

    private final LogWriter log;
    private final DirectoryWatch watch;
    private long soon = NEVER;
    private long settled = NEVER;

    FileRenewal(LogWriter log) throws IOException {
        this.log = log;
        this.watch = DirectoryWatch.open();
    }

    /// Returns the descriptor that is readable when a directory has changed.
    NativeFd fd() {
        return watch.fd();
    }

    /// Takes the news that something changed; [#check] looks later.
    void hear() throws IOException {
        watch.clear();
        long now = System.nanoTime();
        soon = soon == NEVER ? now + SOON.toNanos() : soon;
        settled = settled == NEVER ? now + SETTLED.toNanos() : settled;
    }

    /// Watches the files of a daemon that was started.
    void watch(Child child) {
        watch.add(SealedFiles.directories(child.files()));
    }

    /// Returns the time in nanoseconds until [#check] has work, at most `longest`.
    long pause(long now, long longest) {
        long next = Math.min(soon, settled);
        return next == NEVER ? longest : Math.clamp(next - now, 0, longest);
    }

    /// Retires the daemons whose files have changed, if it is time to look.
    void check(Collection<ServiceState> states, SealedFiles sealedFiles, long now) {
        boolean whole = settled != NEVER && now - settled >= 0;
        if (!whole && (soon == NEVER || now - soon < 0)) {
            return;
        }
        soon = NEVER;
        settled = whole ? NEVER : settled;
        Set<String> inUse = new HashSet<>();
        for (ServiceState state : states) {
            for (Child child : List.copyOf(state.children())) {
                if (child.phase() != Child.Phase.DRAINING) {
                    renew(state, child, whole);
                }
                child.files().forEach(item -> inUse.add(item.contentStamp()));
                watch(child);
            }
        }
        sealedFiles.forget(inUse);
    }

    private void renew(ServiceState state, Child child, boolean whole) {
        List<Path> changed =
                SealedFiles.changed(child.files()).stream()
                        .filter(item -> whole || !item.settles())
                        .map(SealedFiles.Item::name)
                        .toList();
        if (!changed.isEmpty()) {
            log.say(
                    Severity.INFO,
                    state.service().name()
                            + ": "
                            + changed.getFirst()
                            + " has changed: the next "
                            + state.service().row().program()
                            + " takes over");
            state.retire(child);
        }
    }

    @Override
    public void close() {
        watch.close();
    }
}
