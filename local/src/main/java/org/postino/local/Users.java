// SPDX-License-Identifier: Apache-2.0

package org.postino.local;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.postino.global.auth.MailUser;
import org.postino.global.auth.UserdbClient;
import org.postino.global.config.Config;
import org.postino.global.config.MainParams;
import org.postino.util.Processes;
import org.postino.util.SystemUser;

/// Who has a mailbox: users of auth(8)'s database first, then accounts of the system. Users found are remembered for a few
/// seconds, so that a burst of mail does not ask for the same user again and again.
final class Users {
    private static final long FRESH = 5_000_000_000L;
    private static final int MOST = 1000;

    private final UserdbClient client;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Known> known = // guarded by lock
            new LinkedHashMap<>(64, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
                    return size() > MOST;
                }
            };

    private record Known(Account account, long since) {}

    private Users(UserdbClient client) {
        this.client = client;
    }

    static Users of(Config config, Path queueDirectory) {
        Path socket = queueDirectory.resolve(config.get(MainParams.AUTH_SOCKET_PATH));
        return new Users(UserdbClient.of(socket));
    }

    /// The first of these names that the user database knows.
    ///
    /// @throws IOException it could not be asked
    Optional<Account> virtual(List<String> names) throws IOException {
        String key = names.getFirst();
        Optional<Account> remembered = remembered(key);
        if (remembered.isPresent()) {
            return remembered;
        }
        for (String name : names) {
            Optional<MailUser> found = client.lookup(name, "lda");
            if (found.isPresent() && !found.get().isSystem()) {
                MailUser u = found.get();
                var account = new Account(u.name(), u.uid(), u.gid(), u.home(), u.mail(), null);
                remember(key, account);
                return Optional.of(account);
            }
        }
        return Optional.empty();
    }

    private Optional<Account> remembered(String key) {
        lock.lock();
        try {
            Known k = known.get(key);
            return k != null && System.nanoTime() - k.since < FRESH
                    ? Optional.of(k.account)
                    : Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    private void remember(String key, Account account) {
        lock.lock();
        try {
            known.put(key, new Known(account, System.nanoTime()));
        } finally {
            lock.unlock();
        }
    }

    /// An account of the system; one that this process cannot become counts as none.
    Optional<Account> system(String name) throws IOException {
        String login = name.toLowerCase(Locale.ROOT);
        if (login.isEmpty() || login.chars().anyMatch(c -> c <= ' ' || c > 126 || c == '/')) {
            return Optional.empty();
        }
        Optional<SystemUser> found = org.postino.util.Users.byName(login);
        if (found.isEmpty() || !canBecome(found.get().uid())) {
            return Optional.empty();
        }
        SystemUser u = found.get();
        return Optional.of(new Account(u.name(), u.uid(), u.gid(), u.home(), null, u));
    }

    private static boolean canBecome(int uid) {
        return Processes.isRoot() || Processes.ownUid() == uid;
    }
}
