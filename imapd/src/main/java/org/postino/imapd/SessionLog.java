// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import org.jspecify.annotations.Nullable;
import org.postino.global.server.Connection;
import org.postino.util.InetText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The log lines of a session, in the forms that log readers and fail2ban know from Dovecot.
final class SessionLog {
    private static final int MAX_NAME = 128;

    private final Logger log = LoggerFactory.getLogger("imapd");
    private final Connection connection;

    SessionLog(Connection connection) {
        this.connection = connection;
    }

    void login(String user, String method) {
        log.info("imap-login: Login: {}", who(user, method, true));
    }

    /// A session that ended before anybody had logged in.
    ///
    /// @param tries what came of its attempts to log in, in Dovecot's words
    void disconnectedBeforeLogin(
            String reason, String tries, @Nullable String user, String method) {
        log.info(
                "imap-login: Disconnected: {} ({}): {}",
                reason,
                tries,
                who(user == null ? "" : user, method, false));
    }

    /// The private reason of a refused log-in; the line that fail2ban counts comes when the session ends.
    void refused(@Nullable String user, String method, String reason) {
        log.info(
                "imap-login: Login failed ({}): {}",
                clean(reason),
                who(user == null ? "" : user, method, false));
    }

    void internalLoginFailure(String user, Throwable why) {
        log.error("imap-login: {}: {}", clean(user), clean(why.toString()));
    }

    private String who(String user, String method, boolean withPid) {
        var peer = connection.peer();
        var local = connection.local();
        var text = new StringBuilder("user=<").append(clean(user)).append('>');
        if (!method.isEmpty()) {
            text.append(", method=").append(clean(method));
        }
        text.append(", rip=").append(address(peer));
        text.append(", lip=").append(address(local));
        if (withPid) {
            text.append(", mpid=").append(ProcessHandle.current().pid());
        }
        if (connection.secured()) {
            text.append(", TLS");
        } else if (isLocal(peer)) {
            text.append(", secured");
        }
        return text.append(", session=<").append(connection.trace()).append('>').toString();
    }

    static boolean isLocal(java.net.@Nullable InetSocketAddress peer) {
        return peer == null || (peer.getAddress() != null && peer.getAddress().isLoopbackAddress());
    }

    static String address(java.net.@Nullable InetSocketAddress a) {
        return a == null || a.getAddress() == null ? "" : InetText.of(a.getAddress());
    }

    /// The end of a session that had logged in, with what it did.
    void ended(String user, String reason, SessionCounts counts, long in, long out) {
        log.info(
                "{}: Disconnected: {} in={} out={} deleted={} expunged={} trashed={} hdr_count={} hdr_bytes={} body_count={} body_bytes={}",
                prefix(user),
                reason,
                in,
                out,
                counts.deleted,
                counts.expunged,
                0,
                counts.headers,
                counts.headerBytes,
                counts.bodies,
                counts.bodyBytes);
    }

    /// A fault of the store.
    void fault(@Nullable String user, String command, Throwable why) {
        log.error("{}: {}: {}", prefix(user == null ? "" : user), command, clean(why.toString()));
    }

    void tlsFailed(String why) {
        log.info("imap-login: TLS handshaking failed: {}: {}", clean(why), who("", "", false));
    }

    private String prefix(String user) {
        return "imap("
                + clean(user)
                + ")<"
                + ProcessHandle.current().pid()
                + "><"
                + connection.trace()
                + ">";
    }

    /// What a peer sent, fit for a line of the log.
    static String clean(String text) {
        var clean = new StringBuilder();
        for (int i = 0; i < Math.min(text.length(), 2 * MAX_NAME); i++) {
            char c = text.charAt(i);
            clean.append(c < ' ' || c >= 127 || c == '<' || c == '>' ? '?' : c);
        }
        return clean.toString();
    }
}
