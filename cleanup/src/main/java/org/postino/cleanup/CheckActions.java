// SPDX-License-Identifier: Apache-2.0

package org.postino.cleanup;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postino.content.CheckSubject;
import org.postino.content.ContentChecks;
import org.postino.content.MimeRules;
import org.postino.queue.CleanupResult.Refused;
import org.postino.smtp.EnhancedStatus;
import org.postino.smtp.Reply;
import org.postino.smtp.StatusText;
import org.postino.suite.CheckAction;
import org.postino.util.Printable;

/// Does what tables of header_checks(5) say of a message as a whole: the code of those rows of [org.postino.suite.CheckActionName] that
/// [ContentChecks] leaves to cleanup. What they want waits in [CheckOrders] for the end of the message. Owned by one thread.
final class CheckActions implements ContentChecks.Host {
    /// The end of a message because of an action: refused, or thrown away.
    static final class EndedException extends IOException {
        private final transient @Nullable Refused refused;

        EndedException(@Nullable Refused refused) {
            super(refused == null ? "discarded" : "rejected", null);
            this.refused = refused;
        }

        /// The refusal; null if the message is to be thrown away unsaid.
        @Nullable Refused refused() {
            return refused;
        }
    }

    private static final EnhancedStatus DENIED = new EnhancedStatus(5, 7, 1);
    private static final String DISALLOWED = "disallowed character";
    private static final int LONGEST_REPLY = 400;
    private final CheckLog log;
    private final CheckOrders orders;

    CheckActions(CheckLog log, CheckOrders orders) {
        this.log = log;
        this.orders = orders;
    }

    @Override
    public boolean isPassed() {
        return orders.isPassed();
    }

    @Override
    public void broken(String parameter, String why) {
        log.broken(parameter, why);
    }

    @Override
    public void log(String action, CheckSubject subject, String text) {
        log.action(action, subject.where(), subject.text(), text);
    }

    /// Does an action.
    ///
    /// @throws EndedException the message ends here
    @Override
    public void act(CheckAction.Named action, CheckSubject subject, String parameter)
            throws EndedException {
        String argument = action.argument();
        switch (action.name()) {
            case REJECT -> throw rejected(argument, subject);
            case DISCARD -> {
                log("discard", subject, argument);
                throw new EndedException(null);
            }
            case HOLD -> {
                if (orders.hold()) {
                    log("hold", subject, argument);
                }
            }
            case FILTER -> {
                orders.filter(argument);
                log("filter", subject, argument);
            }
            case REDIRECT -> {
                orders.redirect(argument);
                log("redirect", subject, argument);
            }
            case BCC -> copy(argument, subject);
            case PASS -> {
                orders.pass();
                log("pass", subject, argument);
            }
            case DUNNO, IGNORE, STRIP, REPLACE, PREPEND, WARN, INFO ->
                    throw new IllegalArgumentException(action.name() + " is no action of cleanup");
        }
    }

    @Override
    public void violates(MimeRules.Violation violation, String what) throws EndedException {
        log.violation(violation.text(), what);
        throw new EndedException(new Refused(Reply.of(550, 5, 6, 0, violation.text()), ""));
    }

    /// The end of a message that has an octet of `message_reject_characters`, in a line that is logged.
    EndedException disallowed(String line) {
        log.action("reject", "content", line, DENIED + " " + DISALLOWED);
        return new EndedException(new Refused(new Reply(550, DENIED, List.of(DISALLOWED)), ""));
    }

    private void copy(String address, CheckSubject subject) {
        if (orders.copy(address)) {
            log("bcc", subject, address);
        } else {
            log.broken("BCC", "more than " + CheckOrders.MOST_COPIES + " addresses");
        }
    }

    private EndedException rejected(String argument, CheckSubject subject) {
        var stated = StatusText.of(argument);
        boolean refuses = stated.statusOr(DENIED).severity() != 2;
        EnhancedStatus status = refuses ? stated.statusOr(DENIED) : DENIED;
        String words = refuses ? stated.text() : argument;
        String text = words.isEmpty() ? "message content rejected" : words;
        log("reject", subject, status + " " + text);
        int code = status.severity() == 4 ? 451 : 550;
        var reply = new Reply(code, status, List.of(Printable.ascii(text, LONGEST_REPLY)));
        return new EndedException(new Refused(reply, ""));
    }
}
