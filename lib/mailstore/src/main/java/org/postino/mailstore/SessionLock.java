// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/// The lock under which one POP3 session has a maildrop to itself: `dovecot-pop3-session.lock`, as Dovecot's.
///
/// Deliveries and IMAP sessions go on. Whoever holds it for long calls [#touch()] now and then; a lock that nobody touched for
/// a quarter of an hour, or whose process died, is broken by the next who wants it.
public final class SessionLock implements Closeable {
    private static final Duration STALE = Duration.ofMinutes(15);
    private static final Duration TOUCH = Duration.ofMinutes(1);

    private final StoreOwner owner;
    private final DotLock lock;
    private long touched = System.nanoTime();

    private SessionLock(StoreOwner owner, DotLock lock) {
        this.owner = owner;
        this.lock = lock;
    }

    /// Takes the lock in a directory; empty if another session has it.
    static Optional<SessionLock> take(Path directory, StoreOwner owner, Clock clock)
            throws IOException {
        try {
            DotLock lock =
                    owner.call(() ->
                            DotLock.take(
                                    directory.resolve("dovecot-pop3-session"),
                                    Duration.ZERO,
                                    STALE,
                                    clock));
            return Optional.of(new SessionLock(owner, lock));
        } catch (MailStoreException e) {
            if (e.problem() == MailStoreException.Problem.IN_USE) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /// Says that the session is alive; cheap to call often.
    public void touch() throws IOException {
        if (System.nanoTime() - touched > TOUCH.toNanos()) {
            touched = System.nanoTime();
            owner.call(() -> {
                lock.touch();
                return true;
            });
        }
    }

    @Override
    public void close() throws IOException {
        owner.call(() -> {
            lock.close();
            return true;
        });
    }
}
