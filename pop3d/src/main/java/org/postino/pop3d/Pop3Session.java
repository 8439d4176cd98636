// SPDX-License-Identifier: Apache-2.0

package org.postino.pop3d;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postino.login.Accounts;
import org.postino.login.Login;
import org.postino.login.SessionLog;
import org.postino.mailstore.MailStoreException;
import org.postino.mailstore.MessageBytes;
import org.postino.server.Connection;
import org.postino.util.LineTooLongException;

/// One client: AUTHORIZATION, then TRANSACTION, then with QUIT UPDATE (RFC 1939, 3).
final class Pop3Session {
    private static final int MAX_ERRORS = 20;
    private static final String INTERNAL = "[SYS/TEMP] " + Login.INTERNAL;

    private final Connection connection;
    private final Pop3Settings settings;
    private final Pop3Channel channel;
    private final SessionLog log;
    private final Login login;
    private final Authorization authorization;
    private Authorization.@Nullable Entered entered;
    private int errors;
    private boolean ended;

    Pop3Session(Connection connection, Pop3Settings settings, Accounts accounts) {
        this.connection = connection;
        this.settings = settings;
        this.channel = new Pop3Channel(connection);
        this.log = new SessionLog(Pop3d.SERVICE, connection);
        this.login = new Login(Pop3d.SERVICE, connection, settings.login(), accounts, log);
        this.authorization = new Authorization(login, channel, settings.login(), log);
    }

    void run() throws IOException {
        String reason = "Connection closed";
        login.limitTime();
        try {
            if (settings.login().wrapper() && !secure()) {
                return;
            }
            channel.ok(settings.login().greeting());
            reason = commands();
            channel.flush();
        } catch (SocketTimeoutException e) {
            reason = "Inactivity";
            channel.error(
                    entered == null
                            ? "Disconnected for inactivity during authentication."
                            : "Disconnected for inactivity.");
            channel.flush();
        } finally {
            end(reason);
        }
    }

    private void end(String reason) throws IOException {
        Authorization.Entered mine = entered;
        if (mine == null) {
            login.logEnd(reason);
            return;
        }
        try (var account = mine.account();
                var maildrop = mine.maildrop()) {
            log.ended(account.user(), reason, maildrop.summary());
        }
    }

    /// Reads and answers until the session ends; says why it did.
    private String commands() throws IOException {
        while (!ended) {
            try {
                String line = channel.line();
                if (line == null) {
                    return "Connection closed";
                }
                answer(Command.parse(line));
            } catch (LineTooLongException e) {
                error("Input line too long.");
            }
            if (errors >= MAX_ERRORS || login.tooManyFailures()) {
                channel.error("Too many invalid commands or failed logins.");
                return "Too many invalid commands";
            }
        }
        return entered == null ? "Aborted login by logging out" : "Logged out";
    }

    private void answer(Command command) throws IOException {
        Authorization.Entered mine = entered;
        if (mine == null) {
            authorization(command);
            return;
        }
        try {
            mine.maildrop().touch();
            transaction(mine.maildrop(), command);
        } catch (MailStoreException e) {
            error("[SYS/TEMP] " + e.getMessage());
        }
    }

    private void authorization(Command command) throws IOException {
        switch (command) {
            case Command.User(var name) -> authorization.user(name);
            case Command.Pass(var password) -> enter(authorization.pass(password));
            case Command.Auth auth -> enter(authorization.auth(auth));
            case Command.Plain.AUTH_LIST -> mechanisms();
            case Command.Plain.CAPA -> capabilities();
            case Command.Plain.STLS -> stls();
            case Command.Plain.QUIT -> {
                ended = true;
                channel.ok("Logging out");
            }
            case Command.Bad(var problem) -> error(problem);
            case Command.Plain _,
                    Command.ListOne _,
                    Command.UidlOne _,
                    Command.Retr _,
                    Command.Dele _,
                    Command.Top _,
                    Command.Unknown _ ->
                    error("Unknown command.");
        }
    }

    private void enter(Authorization.@Nullable Entered now) throws IOException {
        if (now != null) {
            entered = now;
            connection.readTimeout(settings.timeout());
            channel.ok("Logged in.");
        }
    }

    private void mechanisms() throws IOException {
        channel.ok("");
        for (String name : login.mechanisms()) {
            channel.send(name);
        }
        channel.send(".");
    }

    /// RFC 2449.
    private void capabilities() throws IOException {
        channel.ok("");
        for (String name :
                new String[] {
                    "CAPA", "TOP", "UIDL", "RESP-CODES", "PIPELINING", "AUTH-RESP-CODE"
                }) {
            channel.send(name);
        }
        if (entered == null) {
            if (!connection.secured() && settings.login().offersTls()) {
                channel.send("STLS");
            }
            if (login.cleartextAllowed()) {
                channel.send("USER");
            }
            List<String> mechanisms = login.mechanisms();
            if (!mechanisms.isEmpty()) {
                channel.send("SASL " + String.join(" ", mechanisms));
            }
        }
        channel.send("IMPLEMENTATION Postino");
        channel.send(".");
    }

    private void stls() throws IOException {
        if (connection.secured()) {
            error("TLS is already active.");
        } else if (!settings.login().offersTls()) {
            error("TLS support isn't enabled.");
        } else {
            channel.ok("Begin TLS negotiation now.");
            channel.flush();
            authorization.forget();
            ended = !secure();
        }
    }

    private boolean secure() throws IOException {
        try {
            connection.upgrade(settings.login().tls());
            return true;
        } catch (IOException e) {
            log.tlsFailed(String.valueOf(e.getMessage()));
            return false;
        }
    }

    private void transaction(Maildrop maildrop, Command command) throws IOException {
        switch (command) {
            case Command.Plain.STAT -> channel.ok(maildrop.count() + " " + maildrop.totalSize());
            case Command.Plain.LIST_ALL -> list(maildrop);
            case Command.Plain.UIDL_ALL -> uidls(maildrop);
            case Command.ListOne(var n) when usable(maildrop, n) ->
                    channel.ok(n + " " + maildrop.size(n));
            case Command.UidlOne(var n) when usable(maildrop, n) ->
                    channel.ok(n + " " + maildrop.uidl(n, settings.uidl()));
            case Command.Retr(var n) when usable(maildrop, n) -> retrieve(maildrop, n);
            case Command.Top(var n, var lines) when usable(maildrop, n) -> top(maildrop, n, lines);
            case Command.Dele(var n) when usable(maildrop, n) -> {
                maildrop.delete(n);
                channel.ok("Marked to be deleted.");
            }
            case Command.ListOne _,
                    Command.UidlOne _,
                    Command.Retr _,
                    Command.Top _,
                    Command.Dele _ -> {}
            case Command.Plain.RSET -> {
                maildrop.reset();
                channel.ok("");
            }
            case Command.Plain.NOOP -> channel.ok("");
            case Command.Plain.CAPA -> capabilities();
            case Command.Plain.QUIT -> quit(maildrop);
            case Command.Bad(var problem) -> error(problem);
            case Command.Unknown(var word) -> error("Unknown command: " + Command.clean(word));
            case Command.Plain.AUTH_LIST, Command.Plain.STLS ->
                    error("Unknown command in this state.");
            case Command.User _, Command.Pass _, Command.Auth _ ->
                    error("Unknown command in this state.");
        }
    }

    /// Answers with what is wrong with a message number, if anything is.
    private boolean usable(Maildrop maildrop, int number) throws IOException {
        Optional<String> problem = maildrop.problem(number);
        if (problem.isPresent()) {
            error(problem.get());
        }
        return problem.isEmpty();
    }

    private void list(Maildrop maildrop) throws IOException {
        channel.ok(maildrop.count() + " messages:");
        for (int n : maildrop.numbers()) {
            channel.send(n + " " + maildrop.size(n));
        }
        channel.send(".");
    }

    private void uidls(Maildrop maildrop) throws IOException {
        channel.ok("");
        for (int n : maildrop.numbers()) {
            channel.send(n + " " + maildrop.uidl(n, settings.uidl()));
        }
        channel.send(".");
    }

    private void retrieve(Maildrop maildrop, int number) throws IOException {
        try (MessageBytes message = opened(maildrop, number)) {
            if (message != null) {
                channel.ok(message.size() + " octets");
                maildrop.send(number, message, channel.content());
            }
        }
    }

    private void top(Maildrop maildrop, int number, int lines) throws IOException {
        try (MessageBytes message = opened(maildrop, number)) {
            if (message != null) {
                channel.ok("");
                maildrop.sendTop(message, lines, channel.content());
            }
        }
    }

    /// Opens a message; null, with the answer given, if it cannot be read.
    private @Nullable MessageBytes opened(Maildrop maildrop, int number) throws IOException {
        try {
            return maildrop.read(number);
        } catch (MailStoreException e) {
            error("[SYS/TEMP] " + e.getMessage());
        } catch (IOException e) {
            log.fault(user(), "RETR", e);
            error(INTERNAL);
        }
        return null;
    }

    private String user() {
        Authorization.Entered mine = entered;
        return mine == null ? "" : mine.account().user();
    }

    private void quit(Maildrop maildrop) throws IOException {
        ended = true;
        try {
            int deleted = maildrop.commit(settings.flagUpdates());
            maildrop.close(); // before the answer: the client may come again at once
            channel.ok(deleted > 0 ? "Logging out, messages deleted." : "Logging out.");
        } catch (IOException e) {
            log.fault(user(), "QUIT", e);
            channel.error("[SYS/TEMP] Couldn't delete all messages.");
        }
    }

    private void error(String text) throws IOException {
        errors++;
        channel.error(text);
    }
}
