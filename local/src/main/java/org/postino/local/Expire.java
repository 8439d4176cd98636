// SPDX-License-Identifier: Apache-2.0

package org.postino.local;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.mailstore.Expired;
import org.postino.mailstore.MailStore;
import org.postino.mailstore.UserStores;
import org.postino.sasl.MailUser;
import org.postino.sasl.UserdbClient;
import org.postino.server.Daemon;
import org.postino.server.ServerOptions;
import org.postino.server.TriggerServer;
import org.postino.suite.Programs;
import org.postino.util.ByteNames;
import org.postino.util.Printable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// expire(8), the removal of mail that goes by itself, also of users who do not log in. Manual page: `expire.8`.
public final class Expire implements TriggerServer.Service {
    static final ServerOptions OPTIONS = Programs.options("expire");
    private static final Logger LOG = LoggerFactory.getLogger("expire");

    private final Daemon daemon;
    private final UserdbClient users;
    private final UserStores stores;

    private Expire(Daemon daemon) {
        this.daemon = daemon;
        Config config = daemon.config();
        Path socket =
                daemon.queueDirectory()
                        .resolve(ByteNames.path(config.get(MainParams.AUTH_SOCKET_PATH)));
        this.users = UserdbClient.of(socket);
        this.stores = UserStores.of(config, daemon.clock());
    }

    static TriggerServer.Service start(Daemon daemon) {
        return new Expire(daemon);
    }

    /// Visits all users, one after the other.
    ///
    /// @throws IOException auth(8) cannot tell who they are
    @Override
    public void wakeup() throws IOException {
        if (stores.stores().rules().keepAll()) {
            return;
        }
        for (String user : users.users()) {
            if (daemon.draining()) {
                return;
            }
            visit(user);
        }
    }

    /// One user; whatever is wrong with that mail does not concern the others.
    private void visit(String name) {
        try {
            Optional<MailUser> user = users.lookup(name, "expire");
            if (user.isPresent()
                    && Privileges.canServe(user.get().uid())
                    && stores.isThere(user.get())) {
                expire(user.get());
            }
        } catch (IOException e) {
            LOG.warn("{}: {}", Printable.text(name), Printable.text(e.toString()));
        }
    }

    private void expire(MailUser user) throws IOException {
        try (MailStore store = stores.open(user)) {
            for (Expired gone : store.expire()) {
                LOG.info(
                        "{}: autoexpunge: {}",
                        Printable.text(user.name()),
                        Printable.text(gone.toString()));
            }
        }
    }

    public static void main(String[] args) {
        System.exit(TriggerServer.run(args, OPTIONS, Expire::start));
    }
}
