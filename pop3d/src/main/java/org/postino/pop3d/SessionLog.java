// SPDX-License-Identifier: Apache-2.0

package org.postino.pop3d;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.postino.global.server.Connection;
import org.postino.util.InetText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The log lines of a session, in the forms that log readers and fail2ban know from Dovecot.
final class SessionLog {
    private static final int MAX_NAME = 256;

    private final Logger log = LoggerFactory.getLogger("pop3d");
    private final Connection connection;

    SessionLog(Connection connection) {
        this.connection = connection;
    }

    void login(String user, String method) {
        log.info("pop3-login: Login: {}", who(user, method, true));
    }

    /// The end of a session in which nobody logged in.
    ///
    /// @param tries what came of its attempts, in Dovecot's words
    void disconnectedBeforeLogin(
            String reason, String tries, @Nullable String user, String method) {
        log.info(
                "pop3-login: Disconnected: {} ({}): {}",
                reason,
                tries,
                who(user == null ? "" : user, method, false));
    }

    void refused(@Nullable String user, String method, String reason) {
        log.info(
                "pop3-login: Login failed ({}): {}",
                clean(reason),
                who(user == null ? "" : user, method, false));
    }

    void tlsFailed(String why) {
        log.info("pop3-login: TLS handshaking failed: {}: {}", clean(why), who("", "", false));
    }

    void noMail(String user, Throwable why) {
        log.error("pop3({}): cannot open mailbox: {}", clean(user), clean(why.toString()));
    }

    void fault(String user, String command, Throwable why) {
        log.error("{}: {}: {}", prefix(user), command, clean(why.toString()));
    }

    void ended(String user, String reason, String counts) {
        log.info("{}: Disconnected: {} {}", prefix(user), reason, counts);
    }

    private String prefix(String user) {
        return "pop3("
                + clean(user)
                + ")<"
                + ProcessHandle.current().pid()
                + "><"
                + connection.trace()
                + ">";
    }

    private String who(String user, String method, boolean withPid) {
        var text = new StringBuilder("user=<").append(clean(user)).append('>');
        if (!method.isEmpty()) {
            text.append(", method=").append(clean(method));
        }
        text.append(", rip=").append(address(connection.peer()));
        text.append(", lip=").append(address(connection.local()));
        if (withPid) {
            text.append(", mpid=").append(ProcessHandle.current().pid());
        }
        if (connection.secured()) {
            text.append(", TLS");
        } else if (isLocal(connection.peer())) {
            text.append(", secured");
        }
        return text.append(", session=<").append(connection.trace()).append('>').toString();
    }

    static boolean isLocal(@Nullable InetSocketAddress peer) {
        return peer == null || (peer.getAddress() != null && peer.getAddress().isLoopbackAddress());
    }

    static String address(@Nullable InetSocketAddress a) {
        return a == null || a.getAddress() == null ? "" : InetText.of(a.getAddress());
    }

    /// What a peer sent, fit for a line of the log.
    static String clean(String text) {
        var clean = new StringBuilder();
        for (int i = 0; i < Math.min(text.length(), MAX_NAME); i++) {
            char c = text.charAt(i);
            clean.append(c < ' ' || c >= 127 || c == '<' || c == '>' ? '?' : c);
        }
        return clean.toString();
    }
}
