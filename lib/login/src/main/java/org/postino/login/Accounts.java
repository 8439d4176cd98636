// SPDX-License-Identifier: Apache-2.0

package org.postino.login;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.mailstore.MailParams;
import org.postino.mailstore.UserStores;
import org.postino.sasl.AuthClient;
import org.postino.sasl.AuthExchange;
import org.postino.sasl.AuthPeer;
import org.postino.sasl.UserdbClient;
import org.postino.server.Daemon;
import org.postino.util.ByteNames;

/// Finds users and their mail: asks auth(8), opens stores, counts sessions. One for all sessions.
public final class Accounts implements Closeable {
    private static final Duration AUTH_TIMEOUT = Duration.ofSeconds(150);

    private final String service;
    private final AuthClient auth;
    private final UserdbClient users;
    private final UserStores stores;
    private final long maxUserIp;
    private final Map<String, Integer> sessions = new ConcurrentHashMap<>();
    private final LeftMail leftMail;

    private Accounts(
            String service, Config config, Path authSocket, UserStores stores, Daemon daemon) {
        this.service = service;
        this.leftMail = new LeftMail(service, stores, daemon);
        this.auth = AuthClient.connect(authSocket, AUTH_TIMEOUT);
        this.users = UserdbClient.of(authSocket);
        this.stores = stores;
        this.maxUserIp = config.get(MailParams.MAIL_MAX_USERIP_CONNECTIONS);
    }

    /// The accounts of a daemon.
    ///
    /// @param service `imap` or `pop3`, as auth(8) shall know it
    public static Accounts of(String service, Daemon daemon) {
        Config config = daemon.config();
        Path socket =
                daemon.queueDirectory()
                        .resolve(ByteNames.path(config.get(MainParams.AUTH_SOCKET_PATH)));
        return new Accounts(service, config, socket, UserStores.of(config, daemon.clock()), daemon);
    }

    AuthExchange begin(String mechanism, AuthPeer peer, byte @Nullable [] initialResponse) {
        return auth.begin(mechanism, peer, initialResponse);
    }

    /// The sessions that a user may have from one address; 0 for any number.
    long maxUserIp() {
        return maxUserIp;
    }

    /// Opens the mail of a user whose password was right; empty if there are as many sessions from this address as may be.
    ///
    /// @throws IOException the user is not known, or the mail cannot be opened
    Optional<Account> open(String user, String address) throws IOException {
        String key = user + '\0' + address;
        int count = sessions.merge(key, 1, Integer::sum);
        Optional<Account> opened = Optional.empty();
        try {
            if (maxUserIp == 0 || count <= maxUserIp) {
                opened = Optional.of(account(user, () -> leave(key)));
            }
            return opened;
        } finally {
            if (opened.isEmpty()) {
                leave(key);
            }
        }
    }

    private void leave(String key) {
        sessions.computeIfPresent(key, (_, n) -> n == 1 ? null : n - 1);
    }

    private Account account(String user, Runnable leave) throws IOException {
        var found =
                users.lookup(user, service)
                        .orElseThrow(() -> new IOException("user database does not know the user"));
        Runnable left =
                () -> {
                    leave.run();
                    leftMail.expire(found);
                };
        return new Account(found.name(), stores.open(found), left);
    }

    @Override
    public void close() throws IOException {
        try (auth;
                users) {
            stores.close();
        }
    }
}
