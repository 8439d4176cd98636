// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import org.jspecify.annotations.Nullable;
import org.postino.smtp.Reply;

/// Judges a session at each of its stages: the restrictions of main.cf do, and whatever else shall be asked about a message.
///
/// [Inspectors] asks all of a session, in order, until one refuses. MAIL begins a new message, whatever became of the one before.
/// An inspector belongs to the session's thread, unless its [Source] gives the same to several.
interface Inspector {
    /// Answers with [Inspection#act], as often as it has something to say. Saying nothing lets the request pass.
    void inspect(Inspection at);

    /// A listener for the content of the message that begins; null if this inspector does not look at contents.
    default @Nullable ContentListener content() {
        return null;
    }

    /// Hears that an inspector before it has refused a recipient.
    default void refused(Inspection at, Reply reply) {}

    /// Answers to a command that does not exist.
    ///
    /// @param word the command
    default void unknown(Inspection at, String word) {}

    /// The message under way, if there was one, is over, however that came.
    default void messageEnded() {}

    /// The text in front of `reject` and the like in log lines about its answers.
    default String logPrefix() {
        return "";
    }

    /// The session is over.
    default void close() {}

    /// Gives each session its inspector. Safe for use by several threads.
    @FunctionalInterface
    interface Source {
        /// Begins a session.
        ///
        /// @param log takes what goes wrong
        Inspector open(Client client, SessionLog log);
    }
}
