// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.postino.global.config.Config;
import org.postino.global.config.ImapdParams;
import org.postino.login.LoginSettings;

/// What imapd takes from main.cf, read once.
///
/// @param appendLimit octets of an APPEND, 0 for no limit
/// @param specialUse attributes by mailbox name
record ImapdSettings(
        LoginSettings login,
        Duration timeout,
        Duration idleNotify,
        int maxLine,
        long appendLimit,
        Map<String, String> specialUse) {

    static ImapdSettings of(Config config) {
        return new ImapdSettings(
                LoginSettings.of(
                        config,
                        new LoginSettings.Own(
                                ImapdParams.IMAPD_TLS_SECURITY_LEVEL,
                                ImapdParams.IMAPD_TLS_WRAPPERMODE,
                                ImapdParams.IMAP_LOGIN_TIMEOUT)),
                config.get(ImapdParams.IMAP_TIMEOUT),
                config.get(ImapdParams.IMAP_IDLE_NOTIFY_INTERVAL),
                Math.toIntExact(config.get(ImapdParams.IMAP_MAX_LINE_LENGTH)),
                config.get(ImapdParams.IMAP_APPEND_LIMIT),
                specialUse(config.get(ImapdParams.IMAP_SPECIAL_USE)));
    }

    /// Items `\Sent=Sent`, as many as wanted.
    private static Map<String, String> specialUse(List<String> items) {
        var found = new LinkedHashMap<String, String>();
        for (var item : items) {
            int equals = item.indexOf('=');
            if (equals > 1) {
                found.put(item.substring(equals + 1), item.substring(0, equals));
            }
        }
        return found;
    }
}
