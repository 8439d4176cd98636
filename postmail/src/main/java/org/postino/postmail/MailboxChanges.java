// SPDX-License-Identifier: Apache-2.0

package org.postino.postmail;

import java.io.IOException;
import java.util.List;
import java.util.TreeSet;
import org.postino.mailstore.MailStoreException;
import org.postino.mailstore.MailboxInfo;

/// `mailbox create`, `delete`, `rename`, `subscribe` and `unsubscribe`.
///
/// One that fails is told of, and the next is tried.
final class MailboxChanges {
    private MailboxChanges() {}

    private interface Change {
        void make(Visit visit, String name) throws IOException;
    }

    private static PostmailCommand.Work each(Options options, String doing, Change change)
            throws PostmailFailure {
        List<String> names = options.operands(1);
        return visit -> {
            for (String name : names) {
                attempt(visit, doing + " " + name, () -> change.make(visit, name));
            }
        };
    }

    private interface Step {
        void run() throws IOException;
    }

    private static void attempt(Visit visit, String doing, Step step) {
        try {
            step.run();
        } catch (IOException e) {
            visit.failed("cannot " + doing, e);
        }
    }

    static PostmailCommand.Work create(Options options) throws PostmailFailure {
        boolean subscribe = options.has('s');
        return each(
                options,
                "create mailbox",
                (visit, name) -> {
                    visit.store().create(name);
                    if (subscribe) {
                        visit.store().subscribe(name);
                    }
                });
    }

    static PostmailCommand.Work subscribe(Options options) throws PostmailFailure {
        return each(options, "subscribe mailbox", (visit, name) -> visit.store().subscribe(name));
    }

    static PostmailCommand.Work unsubscribe(Options options) throws PostmailFailure {
        return each(
                options, "unsubscribe mailbox", (visit, name) -> visit.store().unsubscribe(name));
    }

    /// With `-r` those below it too, the lowest first; with `-e` only one without messages; with `-s` its subscription too.
    static PostmailCommand.Work delete(Options options) throws PostmailFailure {
        boolean below = options.has('r');
        return each(
                options,
                "delete mailbox",
                (visit, name) -> {
                    if (!below) {
                        delete(visit, name, options);
                        return;
                    }
                    var all = new TreeSet<String>();
                    String prefix = name + visit.store().separator();
                    for (MailboxInfo info : visit.store().list()) {
                        if (info.selectable()
                                && (info.name().equals(name) || info.name().startsWith(prefix))) {
                            all.add(info.name());
                        }
                    }
                    if (all.isEmpty()) {
                        delete(visit, name, options); // says that there is none
                    }
                    for (String one : all.descendingSet()) {
                        delete(visit, one, options);
                    }
                });
    }

    private static void delete(Visit visit, String name, Options options) throws IOException {
        if (options.has('e') && visit.store().status(name, false).messages() > 0) {
            throw new MailStoreException(
                    MailStoreException.Problem.CANNOT, "there are messages in it");
        }
        visit.store().delete(name);
        if (options.has('s')) {
            visit.store().unsubscribe(name);
        }
    }

    /// With `-s` a subscription goes to the new name.
    static PostmailCommand.Work rename(Options options) throws PostmailFailure {
        List<String> names = options.operands(2, 2);
        String from = names.getFirst();
        String to = names.getLast();
        return visit ->
                attempt(
                        visit,
                        "rename mailbox " + from + " to " + to,
                        () -> {
                            visit.store().rename(from, to);
                            if (options.has('s') && visit.store().subscriptions().contains(from)) {
                                visit.store().subscribe(to);
                                visit.store().unsubscribe(from);
                            }
                        });
    }
}
