// SPDX-License-Identifier: Apache-2.0

package org.postino.pop3d;

import java.io.IOException;
import java.time.Clock;
import org.postino.login.Accounts;
import org.postino.login.SessionLog;
import org.postino.server.Connection;
import org.postino.server.Daemon;
import org.postino.server.ServerOptions;
import org.postino.server.SessionServer;
import org.postino.suite.Programs;

/// pop3d(8), mail access for those who fetch it. Manual page: `pop3d.8`.
public final class Pop3d implements SessionServer.Service {
    /// The name by which auth(8) and the log know this program.
    static final String SERVICE = "pop3";

    private final Pop3Settings settings;
    private final Accounts accounts;
    private final LoginDelay delay;

    Pop3d(Pop3Settings settings, Accounts accounts, Clock clock) {
        this.settings = settings;
        this.accounts = accounts;
        this.delay = new LoginDelay(settings.loginDelay(), clock);
    }

    static Pop3d start(Daemon daemon) {
        return new Pop3d(
                Pop3Settings.of(daemon.config()), Accounts.of(SERVICE, daemon), daemon.clock());
    }

    @Override
    public void serve(Connection c) throws IOException {
        if (settings.login().admits(c, new SessionLog(SERVICE, c))) {
            new Pop3Session(c, settings, accounts, delay).run();
        }
    }

    static ServerOptions options() {
        return Programs.options("pop3d");
    }

    public static void main(String[] args) {
        System.exit(SessionServer.run(args, options(), Pop3d::start));
    }
}
