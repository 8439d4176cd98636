// SPDX-License-Identifier: Apache-2.0

package org.postino.login;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.postino.server.Connection;
import org.postino.util.InetText;
import org.postino.util.Printable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The log lines of a session, in the forms that log readers and fail2ban know from Dovecot.
public final class SessionLog {
    private static final int MAX_NAME = 256;

    private final Logger log;
    private final String service;
    private final Connection connection;

    /// @param service `imap` or `pop3`, with which the lines begin
    public SessionLog(String service, Connection connection) {
        this.log = LoggerFactory.getLogger(service + "d");
        this.service = service;
        this.connection = connection;
    }

    public void login(String user, String method) {
        log.info("{}-login: Login: {}", service, who(user, method, true));
    }

    /// A session that ended before anybody had logged in.
    ///
    /// @param tries what came of its attempts, in Dovecot's words
    void disconnectedBeforeLogin(
            String reason, String tries, @Nullable String user, String method) {
        log.info(
                "{}-login: Disconnected: {} ({}): {}",
                service,
                reason,
                tries,
                who(user == null ? "" : user, method, false));
    }

    /// The private reason of a refused log-in; the line that fail2ban counts comes when the session ends.
    void refused(@Nullable String user, String method, String reason) {
        log.info(
                "{}-login: Login failed ({}): {}",
                service,
                clean(reason),
                who(user == null ? "" : user, method, false));
    }

    /// A connection ends before it has begun.
    void turnedAway(String why) {
        log.warn("{}-login: {}: {}", service, clean(why), who("", "", false));
    }

    public void tlsFailed(String why) {
        log.info(
                "{}-login: TLS handshaking failed: {}: {}",
                service,
                clean(why),
                who("", "", false));
    }

    /// The mail of a user who has the right password cannot be opened.
    public void noMail(String user, Throwable why) {
        log.error("{}: cannot open mailbox: {}", prefix(user), clean(why.toString()));
    }

    /// A fault of the store.
    ///
    /// @param user null if nobody has logged in
    /// @param what was done when it came
    public void fault(@Nullable String user, String what, Throwable why) {
        log.error("{}: {}: {}", prefix(user == null ? "" : user), what, clean(why.toString()));
    }

    /// The end of a session that had logged in.
    ///
    /// @param counts what it did
    public void ended(String user, String reason, String counts) {
        log.info("{}: Disconnected: {} {}", prefix(user), reason, counts);
    }

    private String prefix(String user) {
        return service
                + "("
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
        } else if (Login.isLocal(connection.peer())) {
            text.append(", secured");
        }
        return text.append(", session=<").append(connection.trace()).append('>').toString();
    }

    static String address(@Nullable InetSocketAddress a) {
        return a == null || a.getAddress() == null ? "" : InetText.of(a.getAddress());
    }

    /// A peer's text, made fit to stand between angle brackets in a line of the log.
    private static String clean(String text) {
        return Printable.without("<>", text, MAX_NAME);
    }
}
