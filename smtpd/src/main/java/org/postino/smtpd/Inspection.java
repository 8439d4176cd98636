// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postino.smtp.Reply;
import org.postino.smtp.SmtpStage;

/// One question to the inspectors: the stage, the facts known by then, and what was answered.
final class Inspection {
    private final SmtpStage stage;
    private final String word;
    private final Facts facts;
    private final List<String> parameters;
    private final Disposition message;
    private final SessionLog log;
    private @Nullable Set<String> logged;
    private @Nullable Reply refusal;
    private String prefix = "";

    /// @param word the stage as log lines name it: `EHLO` where that was the command, `VRFY`, `END-OF-MESSAGE`
    /// @param parameters of the command in ESMTP, as text
    /// @param message takes what is to become of the message
    Inspection(
            SmtpStage stage,
            String word,
            Facts facts,
            String parameters,
            Disposition message,
            SessionLog log) {
        this.stage = stage;
        this.word = word;
        this.facts = facts;
        this.parameters = parameters.isBlank() ? List.of() : List.of(parameters.strip().split(" "));
        this.message = message;
        this.log = log;
    }

    /// From now on the inspector with this [Inspector#logPrefix] answers.
    void asks(String logPrefix) {
        prefix = logPrefix;
    }

    /// The ESMTP parameters of the command, a word each.
    List<String> parameters() {
        return parameters;
    }

    /// Opens the message as cleanup has it by now; at the end of the message only.
    ///
    /// @return null if cleanup will refuse it anyway, or has been told to throw it away
    @Nullable InputStream message() throws IOException {
        return message.content();
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
                rejected(reply);
                refusal = reply;
            }
            case Action.Hold(var text) -> {
                if (!message.hold) {
                    logOnce("hold", text);
                }
                message.hold = true;
            }
            case Action.Quarantine(var reason) -> {
                logOnce("quarantine", reason);
                message.quarantine(reason);
            }
            case Action.Discard(var text) -> {
                if (!message.discard) {
                    logOnce("discard", text);
                }
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
            case Action.AddRecipient(var address, var parameters) ->
                    message.add(address, parameters);
            case Action.RemoveRecipient(var address) -> message.remove(address);
            case Action.ChangeSender(var address, var parameters) ->
                    message.changeSender(address, parameters);
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
            log.event(prefix + what, word, text, facts);
        }
    }

    /// Logs that something was let pass that could have been refused.
    void permitted(String text) {
        log.event("permit", word, text, facts);
    }

    /// Logs a refusal that somebody wishes, and does not refuse.
    void rejected(Reply reply) {
        log.event(prefix + "reject", word, reply.toString(), facts);
    }

    /// Refuses with another reply than the one in the log.
    void refuse(Reply logged, Reply said) {
        rejected(logged);
        refusal = said;
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
