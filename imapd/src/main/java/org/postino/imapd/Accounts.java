// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.Closeable;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.postino.global.auth.AuthClient;
import org.postino.global.auth.AuthExchange;
import org.postino.global.auth.AuthPeer;
import org.postino.global.auth.UserdbClient;
import org.postino.mailstore.MailPlaces;
import org.postino.mailstore.MailStore;
import org.postino.mailstore.MailStores;
import org.postino.mailstore.StoreOwner;
import org.postino.util.AsUser;

/// Who may log in, and where their mail is: asks auth(8), opens stores, counts sessions. One for all sessions.
final class Accounts implements Closeable {
    /// How the opening of an account ended.
    sealed interface Opened {
        record Open(Account account) implements Opened {}

        /// The user has as many sessions from this address as are allowed.
        record TooMany(long limit) implements Opened {}
    }

    private final AuthClient auth;
    private final UserdbClient users;
    private final MailStores stores;
    private final MailPlaces places;
    private final long firstValidUid;
    private final long maxUserIp;
    private final Map<String, Integer> sessions = new ConcurrentHashMap<>();

    Accounts(
            AuthClient auth,
            UserdbClient users,
            MailStores stores,
            MailPlaces places,
            long firstValidUid,
            long maxUserIp) {
        this.auth = auth;
        this.users = users;
        this.stores = stores;
        this.places = places;
        this.firstValidUid = firstValidUid;
        this.maxUserIp = maxUserIp;
    }

    AuthExchange begin(String mechanism, AuthPeer peer, byte @Nullable [] initialResponse) {
        return auth.begin(mechanism, peer, initialResponse);
    }

    /// Opens the mail of a user whose password was right.
    ///
    /// @param address the client's, for the limit of sessions
    /// @throws IOException the user is not known, or the mail cannot be opened
    Opened open(String user, String address) throws IOException {
        var key = user + '\0' + address;
        int count = sessions.merge(key, 1, Integer::sum);
        boolean opened = false;
        try {
            if (maxUserIp > 0 && count > maxUserIp) {
                return new Opened.TooMany(maxUserIp);
            }
            var account = account(user, () -> leave(key));
            opened = true;
            return new Opened.Open(account);
        } finally {
            if (!opened) {
                leave(key);
            }
        }
    }

    private void leave(String key) {
        sessions.computeIfPresent(key, (_, n) -> n == 1 ? null : n - 1);
    }

    private Account account(String user, Runnable release) throws IOException {
        var found =
                users.lookup(user, "imap")
                        .orElseThrow(() -> new IOException("user database does not know the user"));
        if (found.isSystem() && Integer.toUnsignedLong(found.uid()) < firstValidUid) {
            throw new IOException(
                    "Mail access for users with UID "
                            + Integer.toUnsignedString(found.uid())
                            + " not permitted (see first_valid_uid in main.cf)");
        }
        var location =
                places.of(found).orElseThrow(() -> new IOException("bad mail location of " + user));
        var as = AsUser.of(found.uid(), found.gid());
        MailStore store;
        try {
            store = stores.open(location, StoreOwner.of(as));
        } catch (IOException | RuntimeException e) {
            as.close();
            throw e;
        }
        return new Account(found.name(), store, as::close, release);
    }

    @Override
    public void close() throws IOException {
        try (auth;
                users) {
            stores.close();
        }
    }
}
