// SPDX-License-Identifier: Apache-2.0

package org.postino.pop3d;

import java.io.IOException;
import org.postino.global.config.AuthParams;
import org.postino.global.config.MailParams;
import org.postino.global.config.Pop3dParams;
import org.postino.global.config.TlsParams;
import org.postino.global.server.Connection;
import org.postino.global.server.Daemon;
import org.postino.global.server.SessionServer;

/// pop3d(8), mail access for those who fetch it. Manual page: `pop3d.8`.
public final class Pop3d implements SessionServer.Service {
    private final Pop3Settings settings;
    private final Accounts accounts;

    Pop3d(Pop3Settings settings, Accounts accounts) {
        this.settings = settings;
        this.accounts = accounts;
    }

    static Pop3d start(Daemon daemon) {
        var accounts = Accounts.of(daemon.config(), daemon.queueDirectory(), daemon.clock());
        return new Pop3d(Pop3Settings.of(daemon.config()), accounts);
    }

    @Override
    public void serve(Connection c) throws IOException {
        new Pop3Session(c, settings, accounts).run();
    }

    static SessionServer.Options options() {
        return new SessionServer.Options(
                "pop3d", Pop3dParams.ALL, MailParams.ALL, TlsParams.ALL, AuthParams.ALL);
    }

    public static void main(String[] args) {
        System.exit(SessionServer.run(args, options(), Pop3d::start));
    }
}
