// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postino.message.Address;
import org.postino.smtp.Reply;
import org.postino.smtp.SmtpStage;

/// Asks the inspectors of a session at each of its stages. Owned by the session's thread.
///
/// The order is that of [Services#inspectors]: the restrictions of main.cf come first, so that nobody is asked about what these refuse.
final class Inspectors {
    private final List<Inspector> inspectors = new ArrayList<>();
    private final List<Inspector.Source> sources;
    private final SessionState state;
    private final SessionLog log;

    Inspectors(List<Inspector.Source> sources, SessionState state, SessionLog log) {
        this.sources = sources;
        this.state = state;
        this.log = log;
        open();
    }

    /// Begins again, for another client.
    void reopen() {
        close();
        open();
    }

    private void open() {
        for (Inspector.Source source : sources) {
            inspectors.add(source.open(state.client, log));
        }
    }

    /// Asks about a client, before it has begun a message.
    ///
    /// @param word the stage as log lines name it
    /// @return the reply that refuses; null if nobody does
    @Nullable Reply client(SmtpStage stage, String word) {
        return ask(stage, word, null, "", state.standing);
    }

    /// Asks about a message: its sender, or all of it. Its recipient takes part if there is just one.
    @Nullable Reply message(SmtpStage stage, String word, Transaction transaction) {
        String parameters = stage == SmtpStage.MAIL ? transaction.parameters().print() : "";
        return ask(stage, word, transaction.onlyRecipient(), parameters, transaction.disposition());
    }

    /// Asks about a recipient.
    ///
    /// @param parameters of RCPT, as text
    /// @param message takes what else is answered
    @Nullable Reply recipient(
            String word, Address recipient, String parameters, Disposition message) {
        return ask(SmtpStage.RCPT, word, recipient, parameters, message);
    }

    /// Asks about a command that does not exist.
    @Nullable Reply unknown(String word) {
        var at = inspection(SmtpStage.HELO, "UNKNOWN", null, "", state.standing);
        for (Inspector inspector : inspectors) {
            at.asks(inspector.logPrefix());
            if (at.refusal() == null) {
                inspector.unknown(at, word);
            }
        }
        return at.refusal();
    }

    /// The message under way is over.
    void messageEnded() {
        inspectors.forEach(Inspector::messageEnded);
    }

    private @Nullable Reply ask(
            SmtpStage stage,
            String word,
            @Nullable Address recipient,
            String parameters,
            Disposition message) {
        var at = inspection(stage, word, recipient, parameters, message);
        for (Inspector inspector : inspectors) {
            at.asks(inspector.logPrefix());
            Reply before = at.refusal();
            if (before == null) {
                inspector.inspect(at);
            } else {
                inspector.refused(at, before);
            }
        }
        return at.refusal();
    }

    private Inspection inspection(
            SmtpStage stage,
            String word,
            @Nullable Address recipient,
            String parameters,
            Disposition message) {
        return new Inspection(stage, word, state.facts(recipient), parameters, message, log);
    }

    /// The inspectors that look at the content of the message that begins; mostly none.
    List<ContentListener> listeners() {
        List<ContentListener> listeners = new ArrayList<>();
        for (Inspector inspector : inspectors) {
            ContentListener listener = inspector.content();
            if (listener != null) {
                listeners.add(listener);
            }
        }
        return listeners;
    }

    /// The session is over.
    void close() {
        for (Inspector inspector : inspectors) {
            inspector.close();
        }
        inspectors.clear();
    }
}
