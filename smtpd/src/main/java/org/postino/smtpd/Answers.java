// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.io.IOException;
import java.util.function.Predicate;
import org.postino.smtp.Reply;
import org.postino.smtp.SmtpStage;
import org.postino.smtp.Verb;

/// Answers the commands of a session: counts how each ends, slows a nuisance down, and tells when the session is over. Owned by the session's thread.
final class Answers {
    /// Stands for a reply that was sent already.
    static final Reply GIVEN = Reply.plain(220, "answered");

    private final ClientChannel channel;
    private final SessionState state;
    private final Predicate<Reply> pardoned;
    private final Counters counters = new Counters();
    private final ErrorLimits errors;
    private boolean ending;

    /// @param pardoned tells of a refusal whether it is the client's fault
    Answers(
            Settings settings,
            ClientChannel channel,
            SessionState state,
            Predicate<Reply> pardoned) {
        this.channel = channel;
        this.state = state;
        this.pardoned = pardoned;
        errors = new ErrorLimits(settings);
    }

    /// A command was read that counts.
    void began(Verb verb) {
        counters.began(verb);
        state.where = verb.name();
    }

    /// A command is about to be judged, whether it counts or not.
    void spend(Verb verb) {
        errors.began(verb);
    }

    /// A command succeeded that is answered by somebody else.
    void succeeded(Verb verb) {
        counters.succeeded(verb);
    }

    /// True if the client has made more errors than it may.
    boolean isExhausted() {
        return errors.isExhausted();
    }

    /// True if the session shall end after the reply under way.
    boolean areOver() {
        return ending;
    }

    /// The session shall end after the reply under way, if that is so.
    void endIf(boolean over) {
        ending |= over;
    }

    /// Counts the outcome, waits if the client is a nuisance, and replies.
    void give(Verb verb, Reply reply, boolean counted) throws IOException {
        channel.known(state.isKnown());
        if (reply.equals(GIVEN)) {
            return;
        }
        if (reply.isPositive()) {
            if (counted) {
                counters.succeeded(verb);
            }
            if (state.where.equals(SmtpStage.END_OF_MESSAGE.word())) {
                errors.delivered();
            }
        } else if (!pardoned.test(reply)) {
            errors.failed();
        }
        errors.delay();
        Reply shown = channel.reply(reply);
        ending |= shown.code() == 421 || shown.code() == 521;
    }

    /// Replies to what was no fair command, and ends the session.
    void giveLast(Reply reply) throws IOException {
        channel.reply(reply);
        ending = true;
    }

    /// Says why the session ends now, to a client that may have left already.
    void lastWords(Reply reply) {
        try {
            channel.reply(reply);
            channel.flush();
        } catch (IOException e) {
            // it has left already
        }
    }

    /// The figures of the session, for the log.
    Counters counters() {
        return counters;
    }
}
