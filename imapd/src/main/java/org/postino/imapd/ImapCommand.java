// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.util.Set;
import org.postino.imap.ImapLexer;
import org.postino.imap.ImapSyntaxException;

/// A row of [CommandTable]: a command, when it is allowed and what it does to message numbers.
///
/// @param name in upper case, with its `UID ` where it has one
/// @param states in which it is allowed
/// @param numbers how the changes of the mailbox are told after it
record ImapCommand(String name, Set<State> states, Numbers numbers, Handler handler) {
    /// The states of RFC 3501, 3.
    enum State {
        NOT_AUTHENTICATED,
        AUTHENTICATED,
        SELECTED,
        LOGOUT
    }

    /// The changes by other sessions that the dispatcher may tell before the tagged response (RFC 3501, 7.4.1 and 5.5).
    enum Numbers {
        /// Nothing: the command selects, closes, or is over before a mailbox matters.
        UNTOLD,
        /// Everything but EXPUNGE: the command names messages by number.
        KEPT,
        /// Everything, unless the client has already sent more, which may count on its numbers.
        CHANGE,
        /// Everything: the client asks for it.
        ASKED,
        /// Everything, whatever the client has asked to hear of: the command takes messages away.
        EXPUNGES
    }

    /// Parses the arguments, does the work, sends untagged responses.
    interface Handler {
        Tagged run(ImapSession session, ImapLexer args) throws IOException, ImapSyntaxException;
    }

    /// Commands during which the client is waited for, or after which the user is another.
    private static final Set<String> APART = Set.of("IDLE", "UNAUTHENTICATE");

    /// True if the command, of a user, does nothing but work on his mail and tell the client of it, or takes up what it sends at once.
    boolean worksOnMail() {
        return states.contains(State.SELECTED) && !APART.contains(name);
    }

    ImapCommand {
        states = Set.copyOf(states);
    }
}
