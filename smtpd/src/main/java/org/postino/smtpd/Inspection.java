// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postino.smtp.Reply;
import org.postino.smtp.SmtpStage;

/// One question to the inspectors: the stage, the facts known by then, and what was answered.
final class Inspection {
    private final SmtpStage stage;
    private final String word;
    private final Facts facts;
    private final Disposition message;
    private final SessionLog log;
    private @Nullable Set<String> logged;
    private @Nullable Reply refusal;

    /// @param word the stage as log lines name it: `EHLO` where that was the command, `VRFY`, `END-OF-MESSAGE`
    /// @param message takes what is to become of the message
    Inspection(SmtpStage stage, String word, Facts facts, Disposition message, SessionLog log) {
        this.stage = stage;
        this.word = word;
        this.facts = facts;
        this.message = message;
        this.log = log;
    }

    SmtpStage stage() {
        return stage;
    }

    /// The stage as log lines name it.
    String word() {
        return word;
    }

    Facts facts() {
        return facts;
    }

    /// True if the message goes nowhere, whatever others say.
    boolean isDiscarded() {
        return message.discard;
    }

    /// The reply that refuses the request; null as long as nobody has.
    @Nullable Reply refusal() {
        return refusal;
    }

    /// Logs an answer and carries it out. The line of an action that comes again is logged once.
    void act(Action action) {
        switch (action) {
            case Action.Refuse(var reply) -> {
                log.reject(word, reply, facts);
                refusal = reply;
            }
            case Action.Hold(var text) -> {
                logOnce("hold", text);
                message.hold = true;
            }
            case Action.Quarantine(var reason) -> {
                logOnce("quarantine", reason);
                message.quarantine(reason);
            }
            case Action.Discard(var text) -> {
                logOnce("discard", text);
                message.discard = true;
            }
            case Action.Redirect(var address, var text) -> {
                logOnce("redirect", text);
                message.redirect = address;
            }
            case Action.Bcc(var address, var text) -> {
                logOnce("bcc", text);
                if (!message.copyTo(address)) {
                    log.warning("too many BCC actions for a message: " + address + " gets no copy");
                }
            }
            case Action.Filter(var destination, var text) -> {
                logOnce("filter", text);
                message.filter = destination;
            }
            case Action.Prepend(var field) -> message.prepend(field);
            case Action.Edit(var edit) -> message.edit(edit);
            case Action.Warn(var text) -> logOnce("warn", text);
            case Action.Note(var text) -> logOnce("info", text);
        }
    }

    private void logOnce(String what, String text) {
        Set<String> before = logged == null ? new HashSet<>() : logged;
        logged = before;
        if (before.add(what + text)) {
            log.event(what, word, text, facts);
        }
    }

    /// Logs that something was let pass that could have been refused.
    void permitted(String text) {
        log.event("permit", word, text, facts);
    }

    /// Logs a refusal that was turned into a warning.
    void rejectWarning(Reply reply) {
        log.rejectWarning(word, reply, facts);
    }

    /// Logs what is wrong with an inspector or its configuration.
    void warning(String text) {
        log.warning(text);
    }
}
