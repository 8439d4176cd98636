// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.postino.global.auth.AuthClient;
import org.postino.global.auth.UserdbClient;
import org.postino.global.config.AuthParams;
import org.postino.global.config.ImapdParams;
import org.postino.global.config.MailParams;
import org.postino.global.config.TlsParams;
import org.postino.global.server.Connection;
import org.postino.global.server.Daemon;
import org.postino.global.server.SessionServer;
import org.postino.mailstore.MailSpool;
import org.postino.mailstore.MailStores;
import org.postino.mailstore.MboxLocking;

/// imapd(8), the IMAP server. Manual page: `imapd.8`.
final class Imapd implements SessionServer.Service {
    private static final Duration AUTH_TIMEOUT = Duration.ofSeconds(60);

    private final ImapdSettings settings;
    private final Accounts accounts;
    private final Daemon daemon;
    private final Map<String, ImapCommand> commands = CommandTable.all();

    Imapd(Daemon daemon) {
        this.daemon = daemon;
        this.settings = ImapdSettings.of(daemon.config());
        Path auth = daemon.queueDirectory().resolve("private/auth");
        this.accounts =
                new Accounts(
                        AuthClient.connect(auth, AUTH_TIMEOUT),
                        UserdbClient.of(auth),
                        new MailStores(
                                daemon.clock(),
                                MboxLocking.of(daemon.config()),
                                MailSpool.of(daemon.config())),
                        settings.places(),
                        settings.firstValidUid(),
                        settings.maxUserIp());
    }

    @Override
    public void serve(Connection c) throws IOException {
        try (var session =
                new ImapSession(c, settings, accounts, daemon.clock(), daemon::draining)) {
            new Dispatcher(session, commands).serve();
        }
    }

    static SessionServer.Options options() {
        return new SessionServer.Options(
                "imapd", ImapdParams.ALL, MailParams.ALL, AuthParams.ALL, TlsParams.ALL);
    }

    static void main(String[] args) {
        System.exit(SessionServer.run(args, options(), Imapd::new));
    }
}
