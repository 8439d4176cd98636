// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.util.Map;
import org.postino.login.Accounts;
import org.postino.login.SessionLog;
import org.postino.server.Connection;
import org.postino.server.Daemon;
import org.postino.server.ServerOptions;
import org.postino.server.SessionServer;
import org.postino.suite.Programs;

/// imapd(8), the IMAP server. Manual page: `imapd.8`.
final class Imapd implements SessionServer.Service {
    /// The name by which auth(8) and the log know this program.
    static final String SERVICE = "imap";

    private final ImapdSettings settings;
    private final Accounts accounts;
    private final Daemon daemon;
    private final Map<String, ImapCommand> commands = CommandTable.all();

    Imapd(Daemon daemon) {
        this.daemon = daemon;
        this.settings = ImapdSettings.of(daemon.config(), daemon.queueDirectory());
        this.accounts = Accounts.of(SERVICE, daemon);
    }

    @Override
    public void serve(Connection c) throws IOException {
        if (!settings.login().admits(c, new SessionLog(SERVICE, c))) {
            return;
        }
        try (var session =
                new ImapSession(c, settings, accounts, daemon.clock(), daemon::draining)) {
            new Dispatcher(session, commands).serve();
        }
    }

    static ServerOptions options() {
        return Programs.options("imapd");
    }

    static void main(String[] args) {
        System.exit(SessionServer.run(args, options(), Imapd::new));
    }
}
