// SPDX-License-Identifier: Apache-2.0

package org.postino.postmail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.postino.mailstore.MailLocation;
import org.postino.mailstore.MailStore;
import org.postino.mailstore.MailStoreException;
import org.postino.mailstore.Mailbox;

/// `import` and `export`: copies of messages from a Maildir or mboxes elsewhere, or to there, with their flags and dates. The other place is
/// touched as the user, too.
///
/// @param location of the other place, in the words of `mail_location`
/// @param parent the mailbox below which copies are put; empty for none
/// @param into copies go into the user's store
record Transfer(String location, String parent, MailQuery query, boolean into, boolean subscribe)
        implements PostmailCommand.Work {
    /// The messages that are added together: all of them, or none.
    private static final int BATCH = 100;

    static Transfer importing(Options options) throws PostmailFailure {
        List<String> operands = options.operands(3);
        MailQuery query = MailQueryParser.parse(operands.subList(2, operands.size()));
        return new Transfer(operands.get(0), operands.get(1), query, true, options.has('s'));
    }

    static Transfer exporting(Options options) throws PostmailFailure {
        List<String> operands = options.operands(1);
        MailQuery query = MailQueryParser.parse(operands.subList(1, operands.size()));
        return new Transfer(operands.getFirst(), "", query, false, options.has('s'));
    }

    /// Another place.
    ///
    /// @param isFile one mbox, which has no other mailboxes
    private record Place(MailLocation location, Path root, boolean isFile) {}

    @Override
    public void run(Visit visit) throws IOException, PostmailFailure {
        Place place = place(visit);
        boolean there = visit.owner().call(() -> Files.exists(place.root));
        if (into && !there) {
            throw new PostmailFailure(PostmailFailure.NOT_FOUND, "there is no mail at " + location);
        }
        try (MailStore other = visit.stores().open(place.location, visit.owner())) {
            MailStore from = into ? other : visit.store();
            MailStore to = into ? visit.store() : other;
            MailQuery meant =
                    place.isFile && into
                            ? new MailQuery.And(List.of(new MailQuery.Box("INBOX"), query))
                            : query;
            new Finder(visit, meant, true)
                    .each(
                            from,
                            (mailbox, uids) -> {
                                String name =
                                        name(mailbox.name(), from.separator(), to.separator());
                                copy(visit, mailbox, uids, to, name);
                            });
        }
    }

    private Place place(Visit visit) throws IOException, PostmailFailure {
        var problem = MailLocation.problem(location);
        if (problem.isPresent()) {
            throw PostmailFailure.usage(location + ": " + problem.get());
        }
        MailLocation parsed =
                MailLocation.parse(location, visit.home(), visit.user())
                        .orElseThrow(() ->
                                PostmailFailure.usage(location + ": this is no place of mail"));
        return switch (parsed) {
            case MailLocation.Maildir maildir -> new Place(maildir, maildir.root(), false);
            case MailLocation.Mbox(var root, var inbox) -> {
                boolean isFile = visit.owner().call(() -> Files.isRegularFile(root));
                Path above = root.getParent();
                yield isFile && above != null
                        ? new Place(new MailLocation.Mbox(above, root), root, true)
                        : new Place(new MailLocation.Mbox(root, inbox), root, false);
            }
        };
    }

    /// The name of a mailbox's copy, with the separator of its store, and `_` for one that is part of a name.
    private String name(String name, char from, char to) {
        String there = from == to ? name : name.replace(to, '_').replace(from, to);
        return parent.isEmpty() ? there : parent + to + there;
    }

    private void copy(Visit visit, Mailbox from, List<Long> uids, MailStore to, String name)
            throws IOException {
        if (!to.exists(name)) {
            to.create(name);
        }
        if (subscribe) {
            to.subscribe(name);
        }
        for (int i = 0; i < uids.size(); i += BATCH) {
            visit.results().progress().step("copying " + from.name(), i, uids.size());
            add(from, uids.subList(i, Math.min(i + BATCH, uids.size())), to, name, false);
        }
    }

    /// Copies messages, all or none.
    ///
    /// @param same copies have the same UIDs
    static void add(Mailbox from, List<Long> uids, MailStore to, String name, boolean same)
            throws IOException {
        var copied = new ArrayList<Long>();
        try (var adding = to.adding(name)) {
            for (long uid : uids) {
                try (var message = from.read(uid);
                        var content = message.stream(0)) {
                    adding.add(from.flags(from.sequence(uid)), from.internalDate(uid), content);
                    copied.add(uid);
                } catch (MailStoreException e) {
                    if (e.problem() != MailStoreException.Problem.EXPUNGED) {
                        throw e;
                    }
                }
            }
            adding.commit(same ? copied : List.of());
        }
    }
}
