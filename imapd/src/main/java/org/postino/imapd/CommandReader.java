// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.postino.imap.ImapLexer;
import org.postino.imap.ImapSyntaxException;
import org.postino.imap.MailboxNames;

/// Reads what names a command, one ahead of what is carried out.
final class CommandReader {
    private final ImapSession session;
    private final Map<String, ImapCommand> commands;
    private @Nullable Given ahead;

    /// A command of which the name was read.
    ///
    /// @param tag null if there is none
    /// @param name null if there is none
    /// @param command null if there is none of this name
    record Given(
            @Nullable String tag,
            @Nullable String name,
            @Nullable ImapCommand command,
            ImapLexer args) {}

    CommandReader(ImapSession session, Map<String, ImapCommand> commands) {
        this.session = session;
        this.commands = commands;
    }

    /// A source of the lines that begin commands.
    @FunctionalInterface
    interface Lines {
        /// Reads the next one into the framing; false at the end of the input.
        boolean next() throws IOException;
    }

    /// Reads what names a command; false at the end of the input.
    boolean read() throws IOException {
        return read(session.framing()::nextCommand);
    }

    /// As [#read()], from lines that are waited for otherwise.
    boolean read(Lines lines) throws IOException {
        if (session.draining() || !lines.next()) {
            return false;
        }
        var names = new MailboxNames(name -> session.store().exists(name));
        var args = new ImapLexer(session.framing(), session.enabled(), names);
        String tag = null;
        try {
            tag = args.tag();
            var name = name(args.expect(' '));
            ahead = new Given(tag, name, commands.get(name), args);
        } catch (ImapSyntaxException _) {
            ahead = new Given(tag, null, null, args);
        }
        return true;
    }

    /// True if a command was read that nobody has taken.
    boolean isAhead() {
        return ahead != null;
    }

    /// The command that was read and not taken.
    Given ahead() {
        if (ahead == null) {
            throw new IllegalStateException("no command was read");
        }
        return ahead;
    }

    Given take() {
        var given = ahead();
        ahead = null;
        return given;
    }

    /// True if the command has another form, by which messages are named by UID; EXPUNGE names none.
    boolean namesNumbers(ImapCommand command) {
        return commands.containsKey("UID " + command.name()) && !command.name().equals("EXPUNGE");
    }

    private static String name(ImapLexer args) throws ImapSyntaxException {
        var name = args.keyword();
        if (!name.equals("UID")) {
            return name;
        }
        return "UID " + args.expect(' ').keyword();
    }
}
