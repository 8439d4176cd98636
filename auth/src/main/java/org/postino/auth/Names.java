// SPDX-License-Identifier: Apache-2.0

package org.postino.auth;

import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.server.FatalException;
import org.postino.suite.AuthCheck;
import org.postino.suite.AuthParams;
import org.postino.table.MatchList;
import org.postino.table.TableException;
import org.postino.table.Tables;

/// Turns the names that clients give into those that the databases know.
final class Names {
    private static final int MAX_NAME = 320;
    private static final int MAX_LOGIN = 256;

    private final String format;
    private final String defaultDomain;
    private final MatchList ownDomains;

    /// @param format `%u`, `%n` or `%d` and other text, as `auth_username_format` has it
    /// @param defaultDomain the domain of names without one; may be empty
    /// @param ownDomains domains whose users are accounts of the system
    Names(String format, String defaultDomain, MatchList ownDomains) {
        this.format = format;
        this.defaultDomain = defaultDomain.toLowerCase(Locale.ROOT);
        this.ownDomains = ownDomains;
        String problem = AuthCheck.usernameFormat(format);
        if (!problem.isEmpty()) {
            throw new FatalException("parameter auth_username_format: " + problem);
        }
    }

    static Names of(Config config) {
        return new Names(
                config.get(AuthParams.AUTH_USERNAME_FORMAT),
                config.get(AuthParams.AUTH_DEFAULT_DOMAIN),
                MatchList.domains(config.get(MainParams.MYDESTINATION), new Tables(config), false));
    }

    String defaultDomain() {
        return defaultDomain;
    }

    /// Returns the name to look up for the one that a client gave; empty if no user can have it.
    Optional<String> canonical(String typed) {
        if (!isName(typed)) {
            return Optional.empty();
        }
        int at = typed.lastIndexOf('@');
        var out = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%') {
                out.append(c);
                continue;
            }
            c = format.charAt(++i);
            boolean lower = c == 'L';
            String value = value(lower ? format.charAt(++i) : c, typed, at);
            out.append(lower ? value.toLowerCase(Locale.ROOT) : value);
        }
        return Optional.of(out.toString()).filter(Names::isName);
    }

    /// Returns the login name of the system's account that a canonical name may stand for, without the domain; empty if its
    /// domain is not ours, or if no login name can look so.
    ///
    /// @throws IOException the table of our domains cannot be asked now
    Optional<String> login(String canonical) throws IOException {
        int at = canonical.lastIndexOf('@');
        String login = at < 0 ? canonical : canonical.substring(0, at);
        boolean plausible =
                !login.isEmpty()
                        && login.length() <= MAX_LOGIN
                        && login.chars().allMatch(c -> c > ' ' && c < 127 && c != '/' && c != '@');
        return plausible && (at < 0 || isOwn(canonical.substring(at + 1)))
                ? Optional.of(login)
                : Optional.empty();
    }

    private boolean isOwn(String domain) throws IOException {
        try {
            return domain.equalsIgnoreCase(defaultDomain) || ownDomains.matches(domain);
        } catch (TableException e) {
            throw new IOException("mydestination: " + e.getMessage(), e);
        }
    }

    private static String value(char variable, String typed, int at) {
        return switch (variable) {
            case 'u' -> typed;
            case 'n' -> at < 0 ? typed : typed.substring(0, at);
            case 'd' -> at < 0 ? "" : typed.substring(at + 1);
            default -> "%";
        };
    }

    private static boolean isName(String name) {
        return !name.isEmpty()
                && name.length() <= MAX_NAME
                && name.chars().allMatch(c -> c > ' ' && c != ':' && c != 0x7f);
    }
}
