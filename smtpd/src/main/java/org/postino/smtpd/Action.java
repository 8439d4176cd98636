// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import org.postino.message.Address;
import org.postino.queue.MessageEdit;
import org.postino.smtp.MailParameters;
import org.postino.smtp.RcptParameters;
import org.postino.smtp.Reply;

/// An answer of an [Inspector] that lets a request not just pass; [Inspection#act] carries each out.
///
/// An answer about the message may come at any stage, and more than once: the last redirection and filter count, and all copies.
sealed interface Action {
    /// Refuses the request with a reply of 4xx or 5xx. Nobody else is asked; 421 and 521 end the session.
    record Refuse(Reply reply) implements Action, Verdict {}

    /// Takes the message and puts it in the hold queue.
    ///
    /// @param text for the log, here and below
    record Hold(String text) implements Action {}

    /// Takes the message and puts it in the hold queue, where the reason stands beside it, for somebody to look at: a virus scanner's
    /// answer, or a milter's (`SMFIR_QUARANTINE`).
    record Quarantine(String reason) implements Action {}

    /// Takes the message and throws it away.
    record Discard(String text) implements Action {}

    /// Sends the message to this address and not to its recipients.
    record Redirect(String address, String text) implements Action {}

    /// Sends the message to this address as well.
    record Bcc(String address, String text) implements Action {}

    /// Sends the message to this transport first, whoever its recipients are: a content filter, which hands it back.
    ///
    /// @param destination `transport:nexthop`; the next hop may be empty
    record Filter(String destination, String text) implements Action {}

    /// Puts a header field in front of the message, `Name: text` without its line end.
    record Prepend(String field) implements Action {}

    /// Adds, changes or removes a header field, or, at the end of the message only, replaces the body. Carried out when the whole
    /// content is there, in the order in which inspectors ask for it.
    record Edit(MessageEdit edit) implements Action {}

    /// Sends the message to this address as well, with what a client may say of a recipient, and without a line in the log: a milter's wish.
    record AddRecipient(Address address, RcptParameters parameters) implements Action {}

    /// Does not send the message to this address, as far as a client or a milter has named it.
    record RemoveRecipient(Address address) implements Action {}

    /// Replaces the sender of the envelope.
    ///
    /// @param parameters RET and ENVID, if any, count too
    record ChangeSender(Address address, MailParameters parameters) implements Action {}

    /// Logs a line `warn: ...`.
    record Warn(String text) implements Action {}

    /// Logs a line `info: ...`.
    record Note(String text) implements Action {}
}
