// SPDX-License-Identifier: Apache-2.0

package org.postino.pop3d;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.postino.global.auth.AuthClient;
import org.postino.global.auth.AuthExchange;
import org.postino.global.auth.AuthPeer;
import org.postino.global.auth.UserdbClient;
import org.postino.global.config.Config;
import org.postino.global.config.MailParams;
import org.postino.global.config.MainParams;
import org.postino.mailstore.MailLocation;
import org.postino.mailstore.MailPlaces;
import org.postino.mailstore.MailSpool;
import org.postino.mailstore.MailStore;
import org.postino.mailstore.MailStores;
import org.postino.mailstore.MboxLocking;
import org.postino.mailstore.StoreOwner;
import org.postino.util.AsUser;

/// Who may log in and where their mail is; counts sessions. One for all sessions.
final class Accounts {
    private static final Duration AUTH_TIMEOUT = Duration.ofSeconds(150);

    private final AuthClient auth;
    private final UserdbClient users;
    private final MailStores stores;
    private final MailPlaces places;
    private final long firstValidUid;
    private final Map<String, Integer> sessions = new ConcurrentHashMap<>();

    private Accounts(
            AuthClient auth,
            UserdbClient users,
            MailStores stores,
            MailPlaces places,
            long firstValidUid) {
        this.auth = auth;
        this.users = users;
        this.stores = stores;
        this.places = places;
        this.firstValidUid = firstValidUid;
    }

    static Accounts of(Config config, Path queueDirectory, Clock clock) {
        Path socket = queueDirectory.resolve(config.get(MainParams.AUTH_SOCKET_PATH));
        return new Accounts(
                AuthClient.connect(socket, AUTH_TIMEOUT),
                UserdbClient.of(socket),
                new MailStores(clock, MboxLocking.of(config), MailSpool.of(config)),
                MailPlaces.of(config),
                config.get(MailParams.FIRST_VALID_UID));
    }

    /// A user who has logged in; closed at the end of the session.
    record Account(String user, MailStore store, AsUser as, Runnable leave) implements Closeable {
        @Override
        public void close() throws IOException {
            try (as;
                    store) {
                leave.run();
            }
        }
    }

    AuthExchange begin(String mechanism, AuthPeer peer, byte @Nullable [] initialResponse) {
        return auth.begin(mechanism, peer, initialResponse);
    }

    /// Opens the mail of a user whose password was right; null if there are `limit` sessions from this address already.
    ///
    /// @throws IOException the user is not known, or the mail cannot be opened
    @Nullable Account open(String user, String address, long limit) throws IOException {
        String key = user + '\0' + address;
        int count = sessions.merge(key, 1, Integer::sum);
        @Nullable Account account = null;
        try {
            if (limit == 0 || count <= limit) {
                account = account(user, () -> leave(key));
            }
            return account;
        } finally {
            if (account == null) {
                leave(key);
            }
        }
    }

    private void leave(String key) {
        sessions.computeIfPresent(key, (_, n) -> n == 1 ? null : n - 1);
    }

    private Account account(String user, Runnable leave) throws IOException {
        var found =
                users.lookup(user, "pop3")
                        .orElseThrow(() -> new IOException("user database does not know the user"));
        if (found.isSystem() && Integer.toUnsignedLong(found.uid()) < firstValidUid) {
            throw new IOException(
                    "Mail access for users with UID "
                            + Integer.toUnsignedString(found.uid())
                            + " not permitted (see first_valid_uid in main.cf)");
        }
        MailLocation location =
                places.of(found).orElseThrow(() -> new IOException("bad mail location of " + user));
        AsUser as = AsUser.of(found.uid(), found.gid());
        try {
            MailStore store = stores.open(location, StoreOwner.of(as));
            return new Account(found.name(), store, as, leave);
        } catch (IOException | RuntimeException e) {
            as.close();
            throw e;
        }
    }
}
