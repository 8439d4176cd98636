// SPDX-License-Identifier: Apache-2.0

package org.postino.pop3d;

import java.util.ArrayList;
import java.util.List;

/// The answer to CAPA (RFC 2449), which depends on the state of the session.
final class Pop3Capabilities {
    /// Those that are always there. Nothing deletes mail by its age, so that EXPIRE (2449, 6.7) is NEVER.
    private static final List<String> ALWAYS =
            List.of(
                    "CAPA",
                    "TOP",
                    "UIDL",
                    "RESP-CODES",
                    "PIPELINING",
                    "AUTH-RESP-CODE",
                    "EXPIRE NEVER",
                    "UTF8",
                    "LANG");

    private static final String IMPLEMENTATION = "IMPLEMENTATION Postino";

    private Pop3Capabilities() {}

    /// The lines before log-in.
    ///
    /// @param loginDelay seconds, 0 for none
    /// @param stls TLS may be asked for now
    /// @param user USER and PASS may be used as the connection is now
    /// @param mechanisms those of AUTH that may be used now
    static List<String> unknownUser(
            long loginDelay, boolean stls, boolean user, List<String> mechanisms) {
        var lines = common(loginDelay);
        if (stls) {
            lines.add("STLS");
        }
        if (user) {
            lines.add("USER");
        }
        if (!mechanisms.isEmpty()) {
            lines.add("SASL " + String.join(" ", mechanisms));
        }
        lines.add(IMPLEMENTATION);
        return lines;
    }

    /// The lines after log-in.
    static List<String> loggedIn(long loginDelay) {
        var lines = common(loginDelay);
        lines.add(IMPLEMENTATION);
        return lines;
    }

    private static List<String> common(long loginDelay) {
        var lines = new ArrayList<>(ALWAYS);
        if (loginDelay > 0) {
            lines.add("LOGIN-DELAY " + loginDelay);
        }
        return lines;
    }
}
