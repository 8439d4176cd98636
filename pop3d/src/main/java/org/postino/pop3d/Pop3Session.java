// SPDX-License-Identifier: Apache-2.0

package org.postino.pop3d;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
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
    private final LoginDelay delay;
    private Authorization.@Nullable Entered entered;
    private int errors;
    private boolean utf8;
    private boolean ended;

    Pop3Session(Connection connection, Pop3Settings settings, Accounts accounts, LoginDelay delay) {
        this.connection = connection;
        this.settings = settings;
        this.channel = new Pop3Channel(connection);
        this.log = new SessionLog(Pop3d.SERVICE, connection);
        this.login = new Login(Pop3d.SERVICE, connection, settings.login(), accounts, log);
        this.authorization = new Authorization(login, channel, settings, delay, log);
        this.delay = delay;
    }

    void run() throws IOException {
        String reason = "Connection closed";
        login.limitTime();
        try {
            if (settings.login().wrapper() && !secure()) {
                return;
            }
            channel.ok(authorization.greeting());
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
                answerAll(line);
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

    /// Answers a command and, once the user is known, those that the client has sent ahead with it: together they cost less. One alone costs
    /// no more by itself.
    private void answerAll(String first) throws IOException {
        Authorization.Entered mine = entered;
        if (mine == null || !channel.hasLine()) {
            answer(Command.parse(first));
            return;
        }
        mine.account()
                .store()
                .together(() -> {
                    answer(Command.parse(first));
                    while (!ended && errors < MAX_ERRORS && channel.hasLine()) {
                        answer(Command.parse(String.valueOf(channel.line())));
                    }
                    return true;
                });
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
            case Command.Apop apop -> enter(authorization.apop(apop, connection.secured()));
            case Command.Plain.AUTH_LIST -> channel.lines("", login.mechanisms());
            case Command.Plain.CAPA -> capabilities();
            case Command.Plain.STLS -> stls();
            case Command.Plain.UTF8 -> utf8();
            case Command.Plain.LANG_LIST ->
                    channel.lines("Language listing follows:", Language.LISTED);
            case Command.Lang(var tag) -> language(tag);
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

    private void capabilities() throws IOException {
        if (entered != null) {
            channel.lines("", Pop3Capabilities.loggedIn(delay.seconds()));
            return;
        }
        channel.lines(
                "",
                Pop3Capabilities.unknownUser(
                        delay.seconds(),
                        !connection.secured() && !utf8 && settings.login().offersTls(),
                        login.cleartextAllowed(),
                        login.mechanisms()));
    }

    /// UTF8 (RFC 6856, 2.1): content is never converted, so that nothing else changes than that TLS cannot begin any more.
    private void utf8() throws IOException {
        utf8 = true;
        channel.ok("UTF8 enabled");
    }

    private void language(String tag) throws IOException {
        Optional<String> known = Language.of(tag);
        if (known.isPresent()) {
            channel.ok(known.get() + " Language is English");
        } else {
            error("No such language: " + Command.clean(tag));
        }
    }

    private void stls() throws IOException {
        if (connection.secured()) {
            error("TLS is already active.");
        } else if (utf8) {
            error("TLS cannot begin after UTF8.");
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
                    channel.ok(n + " " + maildrop.uidl(n));
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
            case Command.Plain.RSET -> reset(maildrop);
            case Command.Plain.LAST -> last(maildrop);
            case Command.Plain.LANG_LIST ->
                    channel.lines("Language listing follows:", Language.LISTED);
            case Command.Lang(var tag) -> language(tag);
            case Command.Plain.NOOP -> channel.ok("");
            case Command.Plain.CAPA -> capabilities();
            case Command.Plain.QUIT -> quit(maildrop);
            case Command.Bad(var problem) -> error(problem);
            case Command.Unknown(var word) -> error("Unknown command: " + Command.clean(word));
            case Command.Plain.AUTH_LIST, Command.Plain.STLS, Command.Plain.UTF8 ->
                    error("Unknown command in this state.");
            case Command.User _, Command.Pass _, Command.Auth _, Command.Apop _ ->
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

    private void reset(Maildrop maildrop) throws IOException {
        maildrop.reset();
        if (settings.enableLast()) {
            maildrop.forgetRetrieved();
        }
        channel.ok("");
    }

    private void last(Maildrop maildrop) throws IOException {
        if (settings.enableLast()) {
            channel.ok(String.valueOf(maildrop.last()));
        } else {
            error("Unknown command: LAST");
        }
    }

    private void list(Maildrop maildrop) throws IOException {
        var lines = new ArrayList<String>();
        for (int n : maildrop.numbers()) {
            lines.add(n + " " + maildrop.size(n));
        }
        channel.lines(maildrop.count() + " messages:", lines);
    }

    private void uidls(Maildrop maildrop) throws IOException {
        var all = new ArrayList<String>(maildrop.count());
        for (int n : maildrop.numbers()) {
            all.add(n + " " + maildrop.uidl(n));
        }
        channel.lines("", all);
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
            int deleted = maildrop.commit();
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
