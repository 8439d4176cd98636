// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import static org.postino.imapd.ImapCommand.Numbers.ASKED;
import static org.postino.imapd.ImapCommand.Numbers.CHANGE;
import static org.postino.imapd.ImapCommand.Numbers.EXPUNGES;
import static org.postino.imapd.ImapCommand.Numbers.KEPT;
import static org.postino.imapd.ImapCommand.Numbers.UNTOLD;

import java.io.IOException;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.postino.imap.ImapLexer;
import org.postino.imap.ImapSyntaxException;
import org.postino.imapd.ImapCommand.Numbers;
import org.postino.imapd.ImapCommand.State;

/// All commands by name.
final class CommandTable {
    private static final Set<State> ANY =
            EnumSet.of(State.NOT_AUTHENTICATED, State.AUTHENTICATED, State.SELECTED);
    private static final Set<State> STRANGER = EnumSet.of(State.NOT_AUTHENTICATED);
    private static final Set<State> USER = EnumSet.of(State.AUTHENTICATED, State.SELECTED);
    private static final Set<State> SELECTED = EnumSet.of(State.SELECTED);

    private CommandTable() {}

    static Map<String, ImapCommand> all() {
        var table = new HashMap<String, ImapCommand>();
        add(table, "CAPABILITY", ANY, UNTOLD, CapabilityCommand::run);
        add(table, "NOOP", ANY, ASKED, NoopCommand::noop);
        add(table, "LOGOUT", ANY, UNTOLD, LogoutCommand::run);
        add(table, "ID", ANY, UNTOLD, IdCommand::run);

        add(table, "STARTTLS", STRANGER, UNTOLD, StartTlsCommand::run);
        add(table, "LOGIN", STRANGER, UNTOLD, LoginCommand::run);
        add(table, "AUTHENTICATE", STRANGER, UNTOLD, AuthenticateCommand::run);

        add(table, "ENABLE", USER, UNTOLD, EnableCommand::run);
        add(table, "NAMESPACE", USER, UNTOLD, NamespaceCommand::run);
        add(table, "SELECT", USER, UNTOLD, SelectCommand::select);
        add(table, "EXAMINE", USER, UNTOLD, SelectCommand::examine);
        add(table, "LIST", USER, CHANGE, ListCommand::run);
        add(table, "LSUB", USER, CHANGE, LsubCommand::run);
        add(table, "STATUS", USER, CHANGE, StatusCommand::run);
        add(table, "SUBSCRIBE", USER, CHANGE, SubscribeCommand::subscribe);
        add(table, "UNSUBSCRIBE", USER, CHANGE, SubscribeCommand::unsubscribe);
        add(table, "CREATE", USER, CHANGE, CreateCommand::run);
        add(table, "DELETE", USER, CHANGE, DeleteCommand::run);
        add(table, "RENAME", USER, CHANGE, RenameCommand::run);
        add(table, "APPEND", USER, CHANGE, AppendCommand::run);
        add(table, "GETMETADATA", USER, CHANGE, GetMetadataCommand::run);
        add(table, "SETMETADATA", USER, CHANGE, SetMetadataCommand::run);
        add(table, "UNAUTHENTICATE", USER, UNTOLD, UnauthenticateCommand::run);
        add(table, "COMPRESS", USER, UNTOLD, CompressCommand::run);
        add(table, "IDLE", USER, ASKED, IdleCommand::run);
        add(table, "NOTIFY", USER, ASKED, NotifyCommand::run);

        add(table, "CHECK", SELECTED, ASKED, NoopCommand::check);
        add(table, "CLOSE", SELECTED, UNTOLD, CloseCommand::close);
        add(table, "UNSELECT", SELECTED, UNTOLD, CloseCommand::unselect);
        add(table, "EXPUNGE", SELECTED, EXPUNGES, ExpungeCommand::all);
        add(table, "UID EXPUNGE", SELECTED, EXPUNGES, ExpungeCommand::some);
        addBoth(table, "SEARCH", KEPT, SearchCommand::run);
        add(table, "ESEARCH", USER, KEPT, EsearchCommand::run);
        addBoth(table, "SORT", KEPT, SortCommand::run);
        add(table, "CANCELUPDATE", SELECTED, CHANGE, CancelUpdateCommand::run);
        addBoth(table, "THREAD", KEPT, ThreadCommand::run);
        addBoth(table, "FETCH", KEPT, FetchCommand::run);
        addBoth(table, "STORE", KEPT, StoreCommand::run);
        addBoth(table, "COPY", CHANGE, CopyCommand::copy);
        addBoth(table, "MOVE", EXPUNGES, CopyCommand::move);
        addBoth(table, "REPLACE", EXPUNGES, ReplaceCommand::run);
        return Map.copyOf(table);
    }

    /// A command on messages, and its UID form. Where numbers may not change under the one, they may under the other, which does
    /// not use them.
    private static void addBoth(
            Map<String, ImapCommand> table, String name, Numbers numbers, TwoForms command) {
        add(table, name, SELECTED, numbers, (session, args) -> command.run(session, args, false));
        add(
                table,
                "UID " + name,
                SELECTED,
                numbers == KEPT ? CHANGE : numbers,
                (session, args) -> command.run(session, args, true));
    }

    /// A command whose numbers, in arguments and answers, are UIDs if `uid`.
    private interface TwoForms {
        Tagged run(ImapSession session, ImapLexer args, boolean uid)
                throws IOException, ImapSyntaxException;
    }

    private static void add(
            Map<String, ImapCommand> table,
            String name,
            Set<State> states,
            Numbers numbers,
            ImapCommand.Handler handler) {
        table.put(name, new ImapCommand(name, states, numbers, handler));
    }
}
