// SPDX-License-Identifier: Apache-2.0

package org.postino.cleanup;

import org.postino.queue.Envelope;
import org.postino.queue.QueueId;
import org.postino.queue.StatusLine;
import org.postino.util.Printable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes what checks did to a message, in the lines that log analysers know. Owned by one thread.
///
/// `QID: reject: header Subject: x from NAME[ADDRESS]; from=<S> to=<R> proto=ESMTP helo=<H>: 5.7.1 text`
final class CheckLog {
    private static final Logger LOG = LoggerFactory.getLogger("cleanup");
    private static final int LONGEST = 200;
    private static final int LONGEST_TEXT = 1000;

    private final QueueId id;
    private final Envelope envelope;
    private String recipient = "";

    CheckLog(QueueId id, Envelope envelope) {
        this.id = id;
        this.envelope = envelope;
    }

    /// The recipient to be shown from now on.
    void recipient(String address) {
        recipient = address;
    }

    /// Logs what a milter wants: `milter-reject: END-OF-MESSAGE from NAME[ADDRESS]: 550 5.7.1 text; from=<S> to=<R>`.
    ///
    /// @param from the client that the milter was told of
    void milter(String action, String stage, String from, String text) {
        LOG.info(
                "{}: milter-{}: {} from {}: {};{}",
                id,
                action,
                stage,
                Printable.text(from),
                Printable.text(text, LONGEST_TEXT),
                " from=<" + StatusLine.address(envelope.sender()) + ">" + to());
    }

    private String to() {
        return recipient.isEmpty() ? "" : " to=<" + StatusLine.address(recipient) + ">";
    }

    /// Logs an action.
    ///
    /// @param where `header`, `body` or `content`
    /// @param what the field or line
    /// @param text may be empty
    void action(String action, String where, String what, String text) {
        var line = new StringBuilder(200);
        line.append(action).append(": ").append(where).append(' ');
        line.append(Printable.text(what, LONGEST)).append(" from ").append(origin());
        line.append("; from=<").append(StatusLine.address(envelope.sender())).append('>');
        line.append(to());
        String protocol = of(Envelope.LOG_PROTOCOL_NAME, Envelope.PROTOCOL_NAME);
        if (!protocol.isEmpty()) {
            line.append(" proto=").append(Printable.text(protocol));
        }
        String helo = of(Envelope.LOG_HELO_NAME, Envelope.HELO_NAME);
        if (!helo.isEmpty()) {
            line.append(" helo=<").append(Printable.text(helo)).append('>');
        }
        if (!text.isEmpty()) {
            line.append(": ").append(Printable.text(text, LONGEST_TEXT));
        }
        LOG.info("{}: {}", id, line);
    }

    /// Logs a message that does not keep to MIME.
    ///
    /// @param what the field or line, or a word of it
    void violation(String text, String what) {
        LOG.info(
                "{}: reject: mime-error {}: {} from {}; from=<{}>{}",
                id,
                text,
                Printable.text(what, LONGEST),
                origin(),
                StatusLine.address(envelope.sender()),
                to());
    }

    /// Warns of an action that cannot be carried out.
    void broken(String parameter, String why) {
        LOG.warn("{}: {}: {}", id, parameter, Printable.text(why, LONGEST));
    }

    private String origin() {
        String address = of(Envelope.LOG_CLIENT_ADDRESS, Envelope.CLIENT_ADDRESS);
        String name = of(Envelope.LOG_CLIENT_NAME, Envelope.CLIENT_NAME);
        return address.isEmpty()
                ? "local"
                : Printable.text(name) + "[" + Printable.text(address) + "]";
    }

    /// An attribute of the client that brought the message to a content filter, or of the one that brought it here.
    private String of(String forwarded, String own) {
        boolean known = !envelope.attribute(Envelope.LOG_CLIENT_ADDRESS).isEmpty();
        return envelope.attribute(known ? forwarded : own);
    }
}
