// SPDX-License-Identifier: Apache-2.0

package org.postino.postmail;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.postino.commands.Cli;
import org.postino.mailstore.UserStores;
import org.postino.sasl.MailUser;

/// Takes the work of a command to the users meant, one after the other.
record Round(
        Cli.Io io,
        MailUsers users,
        UserStores stores,
        FullTextIndex texts,
        Results results,
        PostmailCommand.Work work) {
    /// Visits users. Of those that no name but a wildcard means, only the ones that have mail.
    ///
    /// @param named names, with wildcards or without; nobody means whoever runs the command
    /// @param all all users there are
    void visit(List<String> named, boolean all) throws PostmailFailure {
        boolean several = all || named.size() > 1 || named.stream().anyMatch(Wildcards::are);
        results.output().begin(columns(several));
        for (String name : users.names(named, all)) {
            try {
                visit(users.find(name), several, several && !named.contains(name));
            } catch (PostmailFailure e) {
                results.failed(e.status(), name + ": " + e.getMessage());
            } catch (IOException e) {
                results.failed(
                        PostmailFailure.statusOf(e), name + ": " + PostmailFailure.reasonOf(e));
            }
        }
        results.progress().clear();
        results.output().end();
    }

    private List<Column> columns(boolean several) {
        var columns = new ArrayList<Column>();
        if (several && !work.columns().isEmpty()) {
            columns.add(Column.text("username").untitled());
        }
        columns.addAll(work.columns());
        return columns;
    }

    private void visit(MailUser user, boolean several, boolean onlyIfThere)
            throws IOException, PostmailFailure {
        if (onlyIfThere && !stores.isThere(user)) {
            return;
        }
        try (var store = stores.open(user)) {
            work.run(
                    new Visit(
                            user.name(),
                            user.home(),
                            stores.stores(),
                            store,
                            UserStores.owner(user),
                            io,
                            results,
                            texts,
                            several));
        }
    }
}
