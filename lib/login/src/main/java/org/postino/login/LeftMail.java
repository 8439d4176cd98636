// SPDX-License-Identifier: Apache-2.0

package org.postino.login;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.postino.mailstore.Expired;
import org.postino.mailstore.MailStore;
import org.postino.mailstore.UserStores;
import org.postino.sasl.MailUser;
import org.postino.server.Daemon;
import org.postino.util.Printable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The work on a user's mail for which no client waits: when a session has ended, what goes by itself is removed. Each user's is done
/// by one thread at a time; if the daemon leaves meanwhile, the rest goes another time.
final class LeftMail {
    private final Logger log;
    private final String service;
    private final UserStores stores;
    private final Daemon daemon;
    private final Set<String> expiring = ConcurrentHashMap.newKeySet();

    /// @param service `imap` or `pop3`
    LeftMail(String service, UserStores stores, Daemon daemon) {
        this.log = LoggerFactory.getLogger(service + "d");
        this.service = service;
        this.stores = stores;
        this.daemon = daemon;
    }

    /// Begins to remove what goes by itself, if main.cf says that something does.
    void expire(MailUser user) {
        if (stores.stores().rules().keepAll() || !expiring.add(user.name())) {
            return;
        }
        Daemon.Work work = daemon.working();
        Thread.ofVirtual()
                .name("autoexpunge")
                .start(() -> {
                    try (work) {
                        run(user);
                    } finally {
                        expiring.remove(user.name());
                    }
                });
    }

    private void run(MailUser user) {
        String prefix = service + "(" + Printable.text(user.name()) + ")";
        try (MailStore store = stores.open(user)) {
            for (Expired gone : store.expire()) {
                log.info("{}: autoexpunge: {}", prefix, Printable.text(gone.toString()));
            }
        } catch (IOException e) {
            log.warn("{}: autoexpunge: {}", prefix, Printable.text(e.toString()));
        }
    }
}
