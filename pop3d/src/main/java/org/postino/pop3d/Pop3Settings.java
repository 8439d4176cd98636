// SPDX-License-Identifier: Apache-2.0

package org.postino.pop3d;

import java.time.Duration;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.login.LoginSettings;
import org.postino.suite.AuthParams;
import org.postino.suite.Pop3dParams;

/// The settings of pop3d in main.cf, read once.
///
/// @param timeout how long a user may be silent
/// @param loginDelay the time from one log-in of a user to the next; zero for none
/// @param apopHost the name of this host in the timestamp of the banner; empty if there is no APOP
/// @param enableLast LAST is answered
record Pop3Settings(
        LoginSettings login,
        Duration timeout,
        Duration loginDelay,
        String apopHost,
        boolean enableLast,
        MaildropSettings maildrop) {

    static Pop3Settings of(Config config) {
        return new Pop3Settings(
                LoginSettings.of(
                        config,
                        new LoginSettings.Own(
                                Pop3dParams.POP3D_TLS_SECURITY_LEVEL,
                                Pop3dParams.POP3D_TLS_WRAPPERMODE,
                                Pop3dParams.POP3D_HAPROXY,
                                Pop3dParams.POP3_LOGIN_TIMEOUT)),
                config.get(Pop3dParams.POP3_TIMEOUT),
                config.get(Pop3dParams.POP3_LOGIN_DELAY),
                apopHost(config),
                config.get(Pop3dParams.POP3_ENABLE_LAST),
                MaildropSettings.of(config));
    }

    private static String apopHost(Config config) {
        boolean offered =
                config.get(AuthParams.AUTH_MECHANISMS).stream()
                        .anyMatch(Apop.MECHANISM::equalsIgnoreCase);
        return offered ? config.get(MainParams.MYHOSTNAME) : "";
    }
}
