// SPDX-License-Identifier: Apache-2.0

package org.postino.cleanup;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postino.queue.CleanupResult.Refused;
import org.postino.smtp.EnhancedStatus;
import org.postino.smtp.Reply;
import org.postino.smtp.StatusText;
import org.postino.suite.CheckAction;
import org.postino.suite.CheckActionName;
import org.postino.table.Maps;
import org.postino.table.TableException;
import org.postino.util.Printable;

/// Asks a table of header_checks(5) about a field or line, and says what becomes of it: the code of the rows of [CheckActionName]. Owned by one
/// thread.
final class CheckActions {
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
    private static final int LONGEST_REPLY = 400;

    private final CheckLog log;
    private final CheckOrders orders;

    CheckActions(CheckLog log, CheckOrders orders) {
        this.log = log;
        this.orders = orders;
    }

    /// The fate of a field or line: it stays, it goes, or it changes.
    ///
    /// @param front a line or field to stand before it
    /// @param replacement empty if it goes, null if it stays
    record Change(@Nullable String front, @Nullable String replacement) {
        static final Change NONE = new Change(null, null);
        static final Change REMOVED = new Change(null, "");
    }

    /// Asks tables about a subject.
    ///
    /// @param parameter the name under which main.cf has them
    /// @throws EndedException the message ends here
    /// @throws HeaderFields.LookupException a table cannot be asked
    Change ask(Maps maps, String parameter, CheckSubject subject) throws IOException {
        String found;
        try {
            found = maps.find(subject.text()).orElse(null);
        } catch (TableException e) {
            throw new HeaderFields.LookupException(e);
        }
        if (found == null) {
            return Change.NONE;
        }
        return switch (CheckAction.parse(found, subject.header())) {
            case CheckAction.Named(var name, var argument) -> act(name, argument, subject);
            case CheckAction.Broken(var why) -> {
                log.broken(parameter, why);
                yield Change.NONE;
            }
        };
    }

    /// The code of each row of [CheckActionName].
    private Change act(CheckActionName name, String argument, CheckSubject subject)
            throws EndedException {
        return switch (name) {
            case DUNNO -> Change.NONE;
            case IGNORE -> Change.REMOVED;
            case REJECT -> throw rejected(argument, subject);
            case DISCARD -> {
                log("discard", argument, subject);
                throw new EndedException(null);
            }
            case STRIP -> {
                log("strip", argument, subject);
                yield Change.REMOVED;
            }
            case REPLACE -> {
                log("replace", argument, subject);
                yield new Change(null, argument);
            }
            case PREPEND -> {
                log("prepend", argument, subject);
                yield new Change(argument, null);
            }
            case HOLD -> orders.hold() ? log("hold", argument, subject) : Change.NONE;
            case FILTER -> {
                orders.filter(argument);
                yield log("filter", argument, subject);
            }
            case REDIRECT -> {
                orders.redirect(argument);
                yield log("redirect", argument, subject);
            }
            case BCC -> copy(argument, subject);
            case WARN -> log("warning", argument, subject);
            case INFO -> log("info", argument, subject);
            case PASS -> {
                orders.pass();
                yield log("pass", argument, subject);
            }
        };
    }

    private Change copy(String address, CheckSubject subject) {
        if (!orders.copy(address)) {
            log.broken("BCC", "more than " + CheckOrders.MOST_COPIES + " addresses");
            return Change.NONE;
        }
        return log("bcc", address, subject);
    }

    private Change log(String action, String text, CheckSubject subject) {
        log.action(action, subject.where(), subject.text(), text);
        return Change.NONE;
    }

    private EndedException rejected(String argument, CheckSubject subject) {
        var stated = StatusText.of(argument);
        boolean refuses = stated.statusOr(DENIED).severity() != 2;
        EnhancedStatus status = refuses ? stated.statusOr(DENIED) : DENIED;
        String words = refuses ? stated.text() : argument;
        String text = words.isEmpty() ? "message content rejected" : words;
        log("reject", status + " " + text, subject);
        int code = status.severity() == 4 ? 451 : 550;
        var reply = new Reply(code, status, List.of(Printable.ascii(text, LONGEST_REPLY)));
        return new EndedException(new Refused(reply, ""));
    }
}
