// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postino.smtp.Reply;
import org.postino.table.TableException;
import org.postino.util.Printable;

/// One walk through lists of restrictions, with what was found out on the way.
final class Evaluation {
    private static final int MAX_DEPTH = 100;

    private final Inspection inspection;
    private final DnsMemory memory;
    private @Nullable Verdict deferIfPermit;
    private @Nullable Verdict deferIfReject;
    private boolean unlistedChecked;
    private int depth;

    /// @param memory the session's
    Evaluation(Inspection inspection, DnsMemory memory) {
        this.inspection = inspection;
        this.memory = memory;
    }

    Facts facts() {
        return inspection.facts();
    }

    DnsMemory memory() {
        return memory;
    }

    /// The stage, as log lines name it.
    String stage() {
        return inspection.word();
    }

    /// Asks the restrictions of a list until one decides.
    Verdict ask(List<Restriction> list, Subject.Kind kind) {
        var subject = Subject.of(kind, facts());
        boolean warnOnly = false;
        if (++depth > MAX_DEPTH) {
            inspection.warning("restrictions refer to each other without end");
            return StandardRefusals.CONFIGURATION_ERROR;
        }
        for (Restriction restriction : list) {
            if (inspection.isDiscarded()) {
                break;
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
                case Action.Refuse refuse -> {
                    if (!warnOnly) {
                        depth--;
                        return refuse;
                    }
                    inspection.rejectWarning(refuse.reply());
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
            inspection.warning(String.valueOf(e.getMessage()));
            return StandardRefusals.lookupFailure(subject.name());
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

    /// Has something done about the message; that is no opinion on the request.
    Verdict act(Action action) {
        inspection.act(action);
        return Verdict.DUNNO;
    }

    /// True if the recipient's existence was looked at already; from now on it was.
    boolean markUnlistedChecked() {
        boolean before = unlistedChecked;
        unlistedChecked = true;
        return before;
    }

    /// Gives the last word, after all lists.
    void conclude(Verdict verdict) {
        Verdict ifPermit =
                deferIfPermit == null || inspection.isDiscarded() ? verdict : deferIfPermit;
        Verdict ifReject = deferIfReject == null ? verdict : deferIfReject;
        Verdict last =
                switch (verdict) {
                    case Action.Refuse(Reply reply) -> reply.isPermanent() ? ifReject : verdict;
                    case Verdict.Dunno _, Verdict.Permit _ -> ifPermit;
                };
        if (last instanceof Action.Refuse refuse) {
            inspection.act(refuse);
        }
    }

    /// Has a line written about what was let pass.
    void note(String text) {
        inspection.permitted(Printable.text(text));
    }

    void warning(String text) {
        inspection.warning(Printable.text(text));
    }
}
