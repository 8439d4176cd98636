// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;
import org.postino.login.LoginSettings;
import org.postino.suite.ImapdParams;

/// The settings of imapd in main.cf, read once.
///
/// @param appendLimit octets of an APPEND, 0 for no limit
/// @param namespacePrefix before the names of all mailboxes but INBOX
/// @param specialUse attributes by mailbox name, without that prefix
/// @param fullText the way to the full-text index
record ImapdSettings(
        LoginSettings login,
        Duration timeout,
        Duration idleNotify,
        int maxLine,
        long appendLimit,
        String namespacePrefix,
        Map<String, String> specialUse,
        FullText fullText) {

    static ImapdSettings of(Config config, Path queueDirectory) {
        return new ImapdSettings(
                LoginSettings.of(
                        config,
                        new LoginSettings.Own(
                                ImapdParams.IMAPD_TLS_SECURITY_LEVEL,
                                ImapdParams.IMAPD_TLS_WRAPPERMODE,
                                ImapdParams.IMAPD_HAPROXY,
                                ImapdParams.IMAP_LOGIN_TIMEOUT)),
                config.get(ImapdParams.IMAP_TIMEOUT),
                config.get(ImapdParams.IMAP_IDLE_NOTIFY_INTERVAL),
                Math.toIntExact(config.get(ImapdParams.IMAP_MAX_LINE_LENGTH)),
                config.get(ImapdParams.IMAP_APPEND_LIMIT),
                config.get(ImapdParams.IMAP_NAMESPACE_PREFIX),
                specialUse(config.get(ImapdParams.IMAP_SPECIAL_USE)),
                FullText.of(config, queueDirectory));
    }

    /// The attribute of a mailbox as clients name it, if it has one.
    @Nullable String specialUse(String name, char separator) {
        String prefix = NamespaceStore.prefix(namespacePrefix, separator);
        return specialUse.get(name.startsWith(prefix) ? name.substring(prefix.length()) : name);
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
