// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postino.imap.Extension;
import org.postino.imap.FramingException;
import org.postino.imap.ImapLexer;
import org.postino.imap.ImapSyntaxException;
import org.postino.imap.PeerException;
import org.postino.imap.UidOnly;
import org.postino.login.Login;
import org.postino.mailstore.MailStoreException;
import org.postino.tls.TlsException;

/// Runs a session: reads commands, looks them up, checks the state, runs them, tells of changes, answers, counts errors, logs.
final class Dispatcher {
    private static final Duration AT_ONCE = Duration.ofMillis(2);
    private static final int MAX_BAD = 20;
    private static final int MAX_BAD_STRANGER = 10;
    private static final String NO_COMMAND = "Error in IMAP command received by server.";
    private static final String SHUTDOWN = "Server shutting down.";

    private final ImapSession session;
    private final CommandReader reader;
    private int bad;

    Dispatcher(ImapSession session, Map<String, ImapCommand> commands) {
        this.session = session;
        this.reader = new CommandReader(session, commands);
    }

    /// Serves the client until one of both leaves.
    void serve() throws IOException {
        String reason = "Connection closed";
        session.login().limitTime();
        try {
            reason = greet() ? converse() : "TLS handshaking failed";
        } catch (FramingException e) {
            reason = String.valueOf(e.getMessage());
            bye("Disconnected: " + reason);
        } catch (PeerException e) {
            reason = peerGone(e);
        } catch (UnfinishedResponseException e) {
            reason = "Internal error";
            session.log().fault(session.user(), "response", e);
        } catch (IOException e) {
            reason = "Internal error";
            session.log().fault(session.user(), "session", e);
        } finally {
            farewell(reason);
        }
    }

    private void farewell(String reason) {
        var user = session.user();
        if (user != null) {
            var counts =
                    session.counts()
                            .summary(session.framing().consumed(), session.out().produced());
            session.log().ended(user, reason, counts);
        } else {
            session.login().logEnd(reason);
        }
    }

    private String peerGone(PeerException e) throws IOException {
        if (e.isTimeout()) {
            bye(
                    session.user() == null
                            ? "Disconnected: Inactivity during authentication."
                            : "Disconnected for inactivity.");
            return "Inactivity";
        }
        return endOfInput();
    }

    /// The client hung up, or the skeleton ended its input for it because the daemon leaves.
    private String endOfInput() throws IOException {
        if (session.draining()) {
            bye(SHUTDOWN);
            return SHUTDOWN;
        }
        return "Connection closed";
    }

    private void bye(String text) throws IOException {
        try {
            session.send(new Untagged.Bye(text));
            session.out().flush();
        } catch (PeerException _) {
            // nobody is there to hear it
        }
    }

    private boolean greet() throws IOException {
        var settings = session.settings().login();
        if (settings.wrapper() && !upgrade()) {
            return false;
        }
        session.send(
                new Untagged.Ok(
                        ResponseCode.capability(session.capabilities()), settings.greeting()));
        session.out().flush();
        return true;
    }

    private boolean upgrade() throws IOException {
        try {
            session.connection().upgrade(session.settings().login().tls());
            return true;
        } catch (TlsException | SocketException | SocketTimeoutException | EOFException e) {
            session.log().tlsFailed(String.valueOf(e.getMessage()));
            return false;
        }
    }

    private String converse() throws IOException {
        String end = null;
        while (end == null) {
            if (!reader.isAhead() && !reader.read(this::nextLine)) {
                return endOfInput();
            }
            var given = reader.take();
            end =
                    worksOnMail(given)
                            ? session.store()
                                    .together(() -> Optional.ofNullable(several(given)))
                                    .orElse(null)
                            : carryOut(given);
        }
        return end;
    }

    /// A client that has asked for it hears of changes while it is waited for.
    private boolean nextLine() throws IOException {
        boolean tells = session.awaited().areSet() && !session.framing().pipelined();
        return tells ? session.awaited().nextLine() : session.framing().nextCommand();
    }

    private boolean worksOnMail(CommandReader.Given given) {
        return given.command() != null && given.command().worksOnMail() && session.user() != null;
    }

    /// Carries out a command that works on mail, and those that follow it closely, on one thread. The first that does not is left to be
    /// taken next.
    ///
    /// @return why the session is over, null if it is not
    private @Nullable String several(CommandReader.Given first) throws IOException {
        var given = first;
        while (true) {
            String end = carryOut(given);
            if (end != null || !followsSoon()) {
                return end;
            }
            if (!reader.read()) {
                return endOfInput();
            }
            if (!worksOnMail(reader.ahead())) {
                return null;
            }
            given = reader.take();
        }
    }

    /// True if the client has said something, or says it at once: a thread that waits for it need not be found again then. A virtual thread is
    /// found fast.
    private boolean followsSoon() throws IOException {
        if (session.framing().pipelined()) {
            return true;
        }
        session.out().flush();
        return !Thread.currentThread().isVirtual() && session.connection().inputWithin(AT_ONCE);
    }

    /// One command; the result says why the session is over, null if it is not.
    private @Nullable String carryOut(CommandReader.Given given) throws IOException {
        String tag = given.tag();
        if (tag == null || given.name() == null) {
            return malformed(tag);
        }
        session.tag(tag);
        var command = given.command();
        Tagged result =
                command == null
                        ? Tagged.bad(
                                "Error in IMAP command "
                                        + printable(given.name())
                                        + ": Unknown command.")
                        : run(command, given.args());
        session.framing().finish();
        if (result.status() == Tagged.Status.BAD) {
            session.responses().tagged(tag, result);
            return countBad();
        }
        bad = 0;
        if (command != null && !tellChanges(command)) {
            session.endAfterwards("IMAP session state is inconsistent, please relogin.");
        }
        session.responses().tagged(tag, result);
        return after();
    }

    private @Nullable String malformed(@Nullable String tag) throws IOException {
        session.framing().finish();
        if (tag == null) {
            session.send(new Untagged.Bad(NO_COMMAND));
        } else {
            session.responses().tagged(tag, Tagged.bad(NO_COMMAND));
        }
        return countBad();
    }

    private @Nullable String after() throws IOException {
        var end = session.farewell();
        if (end != null) {
            bye(end);
            return end;
        }
        if (session.takeUpgrade()) {
            session.out().flush();
            return upgrade() ? null : "TLS handshaking failed";
        }
        session.compression().turn();
        if (session.state() == ImapCommand.State.LOGOUT) {
            session.out().flush();
            return session.user() == null ? "Aborted login by logging out" : "Logged out";
        }
        if (session.user() == null && session.login().tooManyFailures()) {
            bye("Too many authentication failures.");
            return "Too many authentication failures";
        }
        return null;
    }

    private static String printable(String name) {
        return name.length() > 32 ? name.substring(0, 32) : name;
    }

    private @Nullable String countBad() throws IOException {
        bad++;
        if (bad < (session.user() == null ? MAX_BAD_STRANGER : MAX_BAD)) {
            return null;
        }
        bye("Too many invalid IMAP commands.");
        return "Too many invalid IMAP commands.";
    }

    private Tagged run(ImapCommand command, ImapLexer args) throws IOException {
        if (!command.states().contains(session.state())) {
            return notNow(command);
        }
        try {
            if (session.enabled().has(Extension.UIDONLY) && reader.namesNumbers(command)) {
                throw UidOnly.wrong();
            }
            return command.handler().run(session, args);
        } catch (ImapSyntaxException e) {
            var code = e.code();
            return new Tagged(
                    Tagged.Status.BAD,
                    code == null ? null : new ResponseCode(code),
                    "Error in IMAP command " + command.name() + ": " + e.getMessage() + ".");
        } catch (MailStoreException e) {
            return Tagged.no(code(e.problem()), String.valueOf(e.getMessage()));
        } catch (PeerException | FramingException | UnfinishedResponseException e) {
            throw e;
        } catch (IOException e) {
            session.log().fault(session.user(), command.name().toLowerCase(Locale.ROOT), e);
            return Tagged.no(ResponseCode.SERVERBUG, Login.INTERNAL);
        }
    }

    private Tagged notNow(ImapCommand command) {
        var why =
                switch (session.state()) {
                    case NOT_AUTHENTICATED -> "Please log in first.";
                    case AUTHENTICATED ->
                            command.states().contains(ImapCommand.State.SELECTED)
                                    ? "No mailbox selected."
                                    : "Already logged in.";
                    case SELECTED -> "Already logged in.";
                    case LOGOUT -> "Logging out.";
                };
        return Tagged.bad("Error in IMAP command " + command.name() + ": " + why);
    }

    /// False if the selected mailbox is gone.
    private boolean tellChanges(ImapCommand command) throws IOException {
        if (session.state() != ImapCommand.State.SELECTED
                || command.numbers() == ImapCommand.Numbers.UNTOLD) {
            return true;
        }
        boolean expunges = command.numbers() == ImapCommand.Numbers.EXPUNGES;
        boolean renumber =
                expunges
                        || command.numbers() == ImapCommand.Numbers.ASKED
                        || (command.numbers() == ImapCommand.Numbers.CHANGE
                                && !session.framing().pipelined());
        try {
            session.awaited().tellSelected(renumber, expunges);
            return true;
        } catch (MailStoreException e) {
            return e.problem() != MailStoreException.Problem.MAILBOX_GONE;
        } catch (PeerException e) {
            throw e;
        } catch (IOException e) {
            // the command itself was done; what others did will be told later
            session.log().fault(session.user(), "sync", e);
            return true;
        }
    }

    static ResponseCode code(MailStoreException.Problem problem) {
        return switch (problem) {
            case NO_SUCH_MAILBOX -> ResponseCode.NONEXISTENT;
            case EXISTS -> ResponseCode.ALREADYEXISTS;
            case INVALID_NAME, CANNOT -> ResponseCode.CANNOT;
            case NO_PERMISSION -> ResponseCode.NOPERM;
            case OVER_QUOTA -> ResponseCode.OVERQUOTA;
            case IN_USE -> ResponseCode.INUSE;
            case LIMIT -> ResponseCode.LIMIT;
            case EXPUNGED -> ResponseCode.EXPUNGEISSUED;
            case MAILBOX_GONE -> ResponseCode.UNAVAILABLE;
        };
    }
}
