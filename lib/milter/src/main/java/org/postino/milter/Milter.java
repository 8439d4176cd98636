// SPDX-License-Identifier: Apache-2.0

package org.postino.milter;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postino.milter.MilterConnection.Packet;
import org.postino.milter.MilterVerdict.Refuse;
import org.postino.server.Connection;
import org.postino.server.ServerDialer;
import org.postino.smtp.Replies;
import org.postino.smtp.Reply;
import org.postino.util.Printable;

/// One filter in one session. Owned by the session's thread.
///
/// It is connected to at the first event. What it says about the client stands for the rest of the session; so does its failure, which
/// was logged once, and has `default_action` in place of every answer. What it says about a message holds until MAIL begins the next.
final class Milter {
    private enum State {
        NEW,
        ASKED,
        /// It has accepted the message, or has nothing more to say about it.
        DONE_WITH_MESSAGE,
        /// It has said something about the client that stands, or has failed.
        DECIDED
    }

    /// The most times that a filter may ask for more time; at one a second that is hours.
    private static final int MOST_PROGRESS = 10_000;

    private static final byte[] NOTHING = {};

    private final MilterSettings settings;
    private final MilterMacros macros;
    private final ServerDialer dialer;
    private final Consumer<String> warnings;
    private State state = State.NEW;
    private @Nullable MilterConnection connection;
    private @Nullable Agreement agreement;
    private MilterVerdict standing = MilterVerdict.PASS;
    private boolean inMessage;
    private boolean enough;

    Milter(
            MilterSettings settings,
            MilterMacros macros,
            ServerDialer dialer,
            Consumer<String> warnings) {
        this.settings = settings;
        this.macros = macros;
        this.dialer = dialer;
        this.warnings = warnings;
    }

    /// Its address, for the log.
    String name() {
        return settings.name();
    }

    /// Tells the filter something and takes its answer. Whatever fails becomes the default action.
    MilterVerdict event(MilterEvent event, byte[] data, MacroSource source) {
        return event(event, data, data.length, source);
    }

    /// As above, with the first `length` bytes of `data`.
    MilterVerdict event(MilterEvent event, byte[] data, int length, MacroSource source) {
        if (!listens(event)) {
            return standingAt(event);
        }
        try {
            MilterConnection c = connection(event);
            Agreement a = agreed();
            if (a.leavesOut(event)) {
                return MilterVerdict.PASS;
            }
            c.deadline(timeout(event));
            tell(c, a, event, source);
            c.send(event.letter(), data, 0, length);
            return a.isSilentAt(event) ? MilterVerdict.PASS : answer(event, next(c, event));
        } catch (IOException e) {
            return failed(event, e, false);
        }
    }

    /// Tells the filter that the message is complete, and takes edits and its verdict.
    MilterVerdict endOfMessage(MacroSource source, MilterMessage message) {
        var event = MilterEvent.END_OF_MESSAGE;
        if (!listens(event)) {
            return standingAt(event);
        }
        boolean newBody = false;
        try {
            MilterConnection c = connection(event);
            var edits = new MilterEdits(message, agreed().keepsBlank(), settings.messageLimit());
            c.deadline(timeout(event));
            tell(c, agreed(), event, source);
            c.send(event.letter(), NOTHING);
            Packet answer = next(c, event);
            while (edits.take(answer)) {
                newBody = edits.hasNewBody();
                c.deadline(timeout(event));
                answer = next(c, event);
            }
            MilterVerdict verdict = answer(event, answer);
            if (verdict instanceof MilterVerdict.Pass) {
                edits.carryOut();
            }
            c.deadline(Duration.ZERO);
            return verdict;
        } catch (MilterEdits.BodyTooBigException e) {
            failed(event, e, newBody);
            return new Refuse(Replies.MESSAGE_TOO_BIG);
        } catch (IOException e) {
            return failed(event, e, newBody);
        }
    }

    /// True if the filter is to be told of an event. MAIL begins a message, whatever was said about the one before.
    private boolean listens(MilterEvent event) {
        if (event == MilterEvent.MAIL && state == State.DONE_WITH_MESSAGE) {
            state = State.ASKED;
        }
        return state == State.NEW
                || state == State.ASKED
                || (state == State.DONE_WITH_MESSAGE && event == MilterEvent.UNKNOWN);
    }

    /// The answer of a filter that is not asked any more. A quarantine is said once for each message.
    private MilterVerdict standingAt(MilterEvent event) {
        boolean again =
                event == MilterEvent.MAIL || !(standing instanceof MilterVerdict.Quarantine);
        return state == State.DECIDED && again ? standing : MilterVerdict.PASS;
    }

    /// True if the filter wants to know which header fields or bytes of a body a message has.
    boolean wantsContent() {
        return wants(MilterEvent.HEADER) || wants(MilterEvent.END_OF_HEADER) || wantsBody();
    }

    /// True if it wants the body, or more of it.
    boolean wantsBody() {
        return !enough && wants(MilterEvent.BODY);
    }

    private boolean wants(MilterEvent event) {
        return state == State.ASKED && !agreed().leavesOut(event);
    }

    /// True if values of fields keep the blank behind the colon.
    boolean keepsBlank() {
        return agreed().keepsBlank();
    }

    boolean wantsRefused() {
        return state == State.ASKED && agreed().wantsRefused();
    }

    /// The message under way is given up, or has ended: filters are told so in either case.
    void abort() {
        MilterConnection c = connection;
        if (c != null && inMessage) {
            try {
                c.deadline(settings.commandTimeout());
                c.send('A', NOTHING);
                c.flush();
                c.deadline(Duration.ZERO);
            } catch (IOException e) {
                // the next event finds it gone, and says so
            }
        }
        inMessage = false;
        if (state == State.DONE_WITH_MESSAGE) {
            state = State.ASKED;
        }
    }

    /// The session is over.
    void close() {
        MilterConnection c = connection;
        connection = null;
        if (c != null) {
            try {
                c.deadline(settings.commandTimeout());
                c.send('Q', NOTHING);
                c.flush();
            } catch (IOException e) {
                // it need not know
            }
            c.close();
        }
    }

    private MilterConnection connection(MilterEvent event) throws IOException {
        MilterConnection c = connection;
        if (c == null) {
            c = open();
            connection = c;
            state = State.ASKED;
        }
        if (event == MilterEvent.MAIL) {
            inMessage = true;
            enough = false;
        }
        return c;
    }

    private MilterConnection open() throws IOException {
        Connection raw;
        try {
            raw = dialer.dial(settings.place(), settings.connectTimeout());
        } catch (IOException e) {
            throw new IOException(
                    "connect to Milter service " + settings.name() + ": " + e.getMessage(), e);
        }
        var c = new MilterConnection(raw);
        boolean done = false;
        try {
            c.deadline(settings.connectTimeout());
            c.send(Agreement.OPTNEG, Agreement.offer(settings.version()));
            agreement = Agreement.read(settings.version(), c.receive());
            done = true;
            return c;
        } catch (IOException e) {
            throw new IOException(of("SMFIC_OPTNEG", e), e);
        } finally {
            if (!done) {
                c.close();
            }
        }
    }

    private Agreement agreed() {
        Agreement a = agreement;
        if (a == null) {
            throw new IllegalStateException("not connected");
        }
        return a;
    }

    /// The macros of an event go before it: those of the end of the header before each field, and those of the end of the message before each
    /// piece of the body.
    private void tell(MilterConnection c, Agreement a, MilterEvent event, MacroSource source)
            throws IOException {
        var wanted =
                a.macros()
                        .get(
                                switch (event) {
                                    case HEADER -> MilterEvent.END_OF_HEADER;
                                    case BODY -> MilterEvent.END_OF_MESSAGE;
                                    case CONNECT,
                                            HELO,
                                            MAIL,
                                            RCPT,
                                            DATA,
                                            UNKNOWN,
                                            END_OF_HEADER,
                                            END_OF_MESSAGE ->
                                            event;
                                });
        var names = wanted == null ? macros.lists().get(event) : wanted;
        if (names != null) {
            c.send('D', macros.packet(event, names, source));
        }
    }

    private Duration timeout(MilterEvent event) {
        return switch (event) {
            case CONNECT, HELO, MAIL, RCPT, DATA, UNKNOWN -> settings.commandTimeout();
            case HEADER, END_OF_HEADER, BODY, END_OF_MESSAGE -> settings.contentTimeout();
        };
    }

    /// The next packet that does not only ask for more time.
    private Packet next(MilterConnection c, MilterEvent event) throws IOException {
        for (int i = 0; i < MOST_PROGRESS; i++) {
            Packet packet = c.receive();
            if (packet.type() != 'p') {
                if (event != MilterEvent.END_OF_MESSAGE) {
                    c.deadline(Duration.ZERO);
                }
                return packet;
            }
            c.deadline(timeout(event));
        }
        throw new IOException("progress without end");
    }

    private MilterVerdict answer(MilterEvent event, Packet packet) throws IOException {
        return switch (packet.type()) {
            case 'c' -> MilterVerdict.PASS;
            case 'a' -> {
                state = event.isOfSession() ? State.DECIDED : State.DONE_WITH_MESSAGE;
                yield MilterVerdict.PASS;
            }
            case 'r' -> refuse(event, MilterReplies.REJECTED);
            case 't' -> refuse(event, MilterReplies.TEMPORARY);
            case 'y' -> refuse(event, written(packet));
            case 'd' -> {
                if (event.isOfSession() || event == MilterEvent.UNKNOWN) {
                    throw unexpected(event, packet);
                }
                state = State.DONE_WITH_MESSAGE;
                yield new MilterVerdict.Discard();
            }
            case 's' -> {
                if (event != MilterEvent.BODY || !agreed().maySkip()) {
                    throw unexpected(event, packet);
                }
                enough = true;
                yield MilterVerdict.PASS;
            }
            case '4', 'f' -> decide(new Refuse(MilterReplies.SHUTDOWN));
            default -> throw unexpected(event, packet);
        };
    }

    private static IOException unexpected(MilterEvent event, Packet packet) {
        return new IOException(
                "unexpected filter response "
                        + (packet.type() > ' ' && packet.type() < 127
                                ? String.valueOf((char) packet.type())
                                : "0x" + Integer.toHexString(packet.type()))
                        + " after event "
                        + event.word());
    }

    private static Reply written(Packet packet) throws IOException {
        var in = new MilterFields(packet.data(), 0);
        Reply reply = MilterReplies.parse(in.text());
        if (reply == null) {
            String text = new String(packet.data(), StandardCharsets.ISO_8859_1);
            throw new IOException("bad SMTP reply: " + Printable.text(text, 100));
        }
        return reply;
    }

    private MilterVerdict refuse(MilterEvent event, Reply reply) {
        var verdict = new Refuse(reply);
        return event.isOfSession() || reply.code() == 421 ? decide(verdict) : verdict;
    }

    private MilterVerdict decide(MilterVerdict verdict) {
        state = State.DECIDED;
        standing = verdict;
        return verdict;
    }

    /// Gives the filter up for this session, and answers in its place.
    private MilterVerdict failed(MilterEvent event, IOException e, boolean newBody) {
        boolean connected = connection != null;
        String said = String.valueOf(e.getMessage());
        warnings.accept(connected ? of(event.word(), e) : said);
        if (connection != null) {
            connection.close();
        }
        connection = null;
        decide(inPlace(said));
        if (newBody && !(standing instanceof Refuse)) {
            return new Refuse(MilterReplies.TEMPORARY);
        }
        return event.isOfSession() && standing instanceof MilterVerdict.Quarantine
                ? MilterVerdict.PASS
                : standing;
    }

    private MilterVerdict inPlace(String why) {
        return switch (settings.defaultAction()) {
            case "accept" -> MilterVerdict.PASS;
            case "reject" -> new Refuse(MilterReplies.UNAVAILABLE);
            case "quarantine" ->
                    new MilterVerdict.Quarantine(
                            "milter " + settings.name() + " has failed: " + why);
            case "tempfail" -> new Refuse(MilterReplies.TEMPORARY);
            default -> new Refuse(MilterReplies.SHUTDOWN);
        };
    }

    private String of(String word, IOException e) {
        return "milter " + settings.name() + ": " + word + ": " + e.getMessage();
    }
}
