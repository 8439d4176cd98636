// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postino.smtp.Reply;
import org.postino.table.TableException;
import org.postino.util.Printable;

/// One question to the policy: the facts, and what was found out while its restrictions were asked.
final class Evaluation {
    private static final int MAX_DEPTH = 100;

    private final Facts facts;
    private final String stage;
    private final Effects effects;
    private final SessionLog log;
    private final Set<String> announced = new HashSet<>();
    private @Nullable Verdict deferIfPermit;
    private @Nullable Verdict deferIfReject;
    private boolean unlistedChecked;
    private int depth;

    /// @param stage as log lines name it: `RCPT`, `CONNECT`, `END-OF-MESSAGE`
    Evaluation(Facts facts, String stage, Effects effects, SessionLog log) {
        this.facts = facts;
        this.stage = stage;
        this.effects = effects;
        this.log = log;
    }

    Facts facts() {
        return facts;
    }

    Effects effects() {
        return effects;
    }

    String stage() {
        return stage;
    }

    /// Asks the restrictions of a list until one decides.
    Verdict ask(List<Restriction> list, Subject.Kind kind) {
        var subject = Subject.of(kind, facts);
        boolean warnOnly = false;
        if (++depth > MAX_DEPTH) {
            log.warning("restrictions refer to each other without end");
            return Answers.CONFIGURATION_ERROR;
        }
        for (Restriction restriction : list) {
            if (effects.discard) {
                break; // whatever others say: the message goes nowhere
            }
            if (restriction.equals(Restriction.WARN_IF_REJECT)) {
                warnOnly = true;
                continue;
            }
            switch (ask(restriction, subject)) {
                case Verdict.Dunno _ -> {}
                case Verdict.Permit permit -> {
                    depth--;
                    return permit;
                }
                case Verdict.Refuse refuse -> {
                    if (!warnOnly) {
                        depth--;
                        return refuse;
                    }
                    log.rejectWarning(stage, refuse.reply(), facts);
                }
            }
            warnOnly = false;
        }
        depth--;
        return Verdict.DUNNO;
    }

    private Verdict ask(Restriction restriction, Subject subject) {
        try {
            return restriction.check(this, subject);
        } catch (TableException e) {
            log.warning(String.valueOf(e.getMessage()));
            return Answers.lookupFailure(subject.name());
        }
    }

    /// A permit becomes this refusal in the end (`DEFER_IF_PERMIT`).
    Verdict deferIfPermit(Verdict why) {
        deferIfPermit = deferIfPermit == null ? why : deferIfPermit;
        return Verdict.DUNNO;
    }

    /// A permanent refusal becomes this one in the end (`DEFER_IF_REJECT`).
    Verdict deferIfReject(Verdict why) {
        deferIfReject = deferIfReject == null ? why : deferIfReject;
        return Verdict.DUNNO;
    }

    /// Whether the recipient's existence was looked at already; from now on it was.
    boolean markUnlistedChecked() {
        boolean before = unlistedChecked;
        unlistedChecked = true;
        return before;
    }

    /// The last word, after all lists: logs a refusal.
    Verdict conclude(Verdict verdict) {
        Verdict ifPermit = deferIfPermit == null || effects.discard ? verdict : deferIfPermit;
        Verdict ifReject = deferIfReject == null ? verdict : deferIfReject;
        Verdict last =
                switch (verdict) {
                    case Verdict.Refuse(Reply reply) -> reply.isPermanent() ? ifReject : verdict;
                    case Verdict.Dunno _, Verdict.Permit _ -> ifPermit;
                };
        if (last instanceof Verdict.Refuse(Reply reply)) {
            log.reject(stage, reply, facts);
        }
        return last;
    }

    /// Logs an action of a table, once in an evaluation.
    void announce(String what, String text) {
        if (announced.add(what + text)) {
            log.event(what, stage, text, facts);
        }
    }

    void warning(String text) {
        log.warning(Printable.text(text));
    }
}
