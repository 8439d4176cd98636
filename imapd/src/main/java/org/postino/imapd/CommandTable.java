// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import static org.postino.imapd.ImapCommand.Numbers.ASKED;
import static org.postino.imapd.ImapCommand.Numbers.CHANGE;
import static org.postino.imapd.ImapCommand.Numbers.KEPT;
import static org.postino.imapd.ImapCommand.Numbers.UNTOLD;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
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

        add(table, "CHECK", SELECTED, ASKED, NoopCommand::check);
        add(table, "CLOSE", SELECTED, UNTOLD, CloseCommand::close);
        add(table, "UNSELECT", SELECTED, UNTOLD, CloseCommand::unselect);
        add(table, "EXPUNGE", SELECTED, ASKED, ExpungeCommand::all);
        add(table, "UID EXPUNGE", SELECTED, ASKED, ExpungeCommand::some);
        add(table, "SEARCH", SELECTED, KEPT, SearchCommand::bySequence);
        add(table, "UID SEARCH", SELECTED, CHANGE, SearchCommand::byUid);
        add(table, "ESEARCH", USER, KEPT, EsearchCommand::run);
        add(table, "SORT", SELECTED, KEPT, SortCommand::bySequence);
        add(table, "UID SORT", SELECTED, CHANGE, SortCommand::byUid);
        add(table, "THREAD", SELECTED, KEPT, ThreadCommand::bySequence);
        add(table, "UID THREAD", SELECTED, CHANGE, ThreadCommand::byUid);
        add(table, "FETCH", SELECTED, KEPT, FetchCommand::bySequence);
        add(table, "UID FETCH", SELECTED, CHANGE, FetchCommand::byUid);
        add(table, "STORE", SELECTED, KEPT, StoreCommand::bySequence);
        add(table, "UID STORE", SELECTED, CHANGE, StoreCommand::byUid);
        add(table, "COPY", SELECTED, CHANGE, CopyCommand::copy);
        add(table, "UID COPY", SELECTED, CHANGE, CopyCommand::uidCopy);
        add(table, "MOVE", SELECTED, ASKED, CopyCommand::move);
        add(table, "UID MOVE", SELECTED, ASKED, CopyCommand::uidMove);
        add(table, "REPLACE", SELECTED, ASKED, ReplaceCommand::bySequence);
        add(table, "UID REPLACE", SELECTED, ASKED, ReplaceCommand::byUid);
        return Map.copyOf(table);
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
