// SPDX-License-Identifier: Apache-2.0

package org.postino.postmail;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.linux.Processes;
import org.postino.linux.SystemUser;
import org.postino.linux.Users;
import org.postino.sasl.MailUser;
import org.postino.sasl.UserdbClient;
import org.postino.util.ByteNames;

/// The users whom a command may visit: root all of them, others themselves.
///
/// Users are looked up in auth(8), which must run; whoever works on the mail of their own account needs it not.
final class MailUsers implements Closeable {
    /// As auth(8) shall know us.
    private static final String SERVICE = "postmail";

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int ROOT = 0;

    private final UserdbClient database;
    private final int self;

    MailUsers(Config config) {
        this(socket(config), Processes.ownUid());
    }

    MailUsers(Path authSocket, int self) {
        this.database = UserdbClient.of(authSocket, TIMEOUT);
        this.self = self;
    }

    private static Path socket(Config config) {
        return config.get(MainParams.QUEUE_DIRECTORY)
                .resolve(ByteNames.path(config.get(MainParams.AUTH_SOCKET_PATH)));
    }

    /// The names of the users meant, each once.
    ///
    /// @param named names, with wildcards or without; nobody means whoever runs the command
    /// @param all all users of the database
    Set<String> names(List<String> named, boolean all) throws PostmailFailure {
        var names = new LinkedHashSet<String>();
        if (all) {
            names.addAll(everybody());
        }
        for (String name : named) {
            if (Wildcards.are(name)) {
                everybody().stream().filter(Wildcards.of(name)::matches).forEach(names::add);
            } else {
                names.add(name);
            }
        }
        if (!all && named.isEmpty()) {
            names.add(
                    ownAccount()
                            .map(SystemUser::name)
                            .orElseThrow(() ->
                                    PostmailFailure.usage("root says whose mail: -u USER, or -A")));
        }
        return names;
    }

    private List<String> everybody() throws PostmailFailure {
        try {
            return database.users();
        } catch (IOException e) {
            throw unreachable(e);
        }
    }

    /// The account of whoever runs the command; empty for root.
    private Optional<SystemUser> ownAccount() throws PostmailFailure {
        try {
            return self == ROOT ? Optional.empty() : Users.byUid(self);
        } catch (IOException e) {
            throw unreachable(e);
        }
    }

    /// Looks a user up, whose mail this process may touch.
    MailUser find(String name) throws PostmailFailure {
        MailUser account = ownMail(name);
        MailUser found = account != null ? account : asked(name);
        if (self != ROOT && found.uid() != self) {
            throw new PostmailFailure(
                    PostmailFailure.NO_PERMISSION, "only root may work on the mail of others");
        }
        return found;
    }

    private @Nullable MailUser ownMail(String name) throws PostmailFailure {
        return ownAccount()
                .filter(account -> account.name().equals(name))
                .map(MailUsers::mailUser)
                .orElse(null);
    }

    private static MailUser mailUser(SystemUser account) {
        var fields = Map.of(MailUser.SYSTEM_USER, account.name(), MailUser.SHELL, account.shell());
        return new MailUser(
                account.name(), account.uid(), account.gid(), account.home(), null, fields);
    }

    private MailUser asked(String name) throws PostmailFailure {
        Optional<MailUser> found;
        try {
            found = database.lookup(name, SERVICE);
        } catch (IOException e) {
            throw unreachable(e);
        }
        return found.orElseThrow(
                () -> new PostmailFailure(PostmailFailure.NO_USER, "there is no such user"));
    }

    private static PostmailFailure unreachable(IOException e) {
        return new PostmailFailure(
                PostmailFailure.TRY_AGAIN,
                "users cannot be looked up; does the mail system run? "
                        + PostmailFailure.reasonOf(e),
                e);
    }

    @Override
    public void close() {
        database.close();
    }
}
