// SPDX-License-Identifier: Apache-2.0

package org.postino.local;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.linux.SystemUser;
import org.postino.sasl.MailUser;
import org.postino.sasl.UserdbClient;
import org.postino.util.ByteNames;
import org.postino.util.FirstAnswer;

/// The users who have a mailbox, as auth(8) says: users of mail alone and accounts of the system. Users found are remembered
/// for a few
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
        Path socket =
                queueDirectory.resolve(ByteNames.path(config.get(MainParams.AUTH_SOCKET_PATH)));
        return new Users(UserdbClient.of(socket));
    }

    /// The first of these names that the user database knows and whose mail this process can deliver.
    ///
    /// @throws IOException it could not be asked for one, and knows none of the others
    Optional<Account> find(List<String> names) throws IOException {
        String key = names.getFirst();
        Optional<Account> remembered = remembered(key);
        if (remembered.isPresent()) {
            return remembered;
        }
        Optional<Account> found =
                FirstAnswer.of(names, name -> client.lookup(name, "lda").flatMap(Users::account));
        found.ifPresent(account -> remember(key, account));
        return found;
    }

    /// An account of the system by its login name; the name service is asked where auth(8) does not look.
    Optional<SystemUser> login(String name) throws IOException {
        Optional<SystemUser> found = client.lookup(name, "lda").flatMap(MailUser::system);
        return found.isPresent() ? found : org.postino.linux.Users.byName(name);
    }

    private static Optional<Account> account(MailUser u) {
        Optional<SystemUser> system = u.system();
        return system.isPresent() && !Privileges.canServe(u.uid())
                ? Optional.empty()
                : Optional.of(
                        new Account(
                                u.name(),
                                u.uid(),
                                u.gid(),
                                u.home(),
                                u.mail(),
                                system.orElse(null)));
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
}
