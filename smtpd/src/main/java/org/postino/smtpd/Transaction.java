// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postino.message.Address;
import org.postino.message.Xtext;
import org.postino.smtp.DotReader;
import org.postino.smtp.MailParameters;
import org.postino.smtp.RcptParameters;

/// One message under way: from MAIL to the end of its content. Owned by the session's thread.
final class Transaction {
    /// A recipient that was accepted.
    record Accepted(Address mailbox, RcptParameters parameters) {}

    /// The memory that the recipients of a message may take, in bytes: a thousand of the usual length.
    private static final int MAX_RECIPIENT_BYTES = 256 * 1024;

    /// The text in place of a queue id.
    static final String NO_QUEUE = "NOQUEUE";

    private final Address sender;
    private final MailParameters parameters;
    private final Disposition disposition;
    private final @Nullable String saslSender;
    private final List<Accepted> recipients = new ArrayList<>();
    private @Nullable Handover handover;
    private String queueId = NO_QUEUE;
    private int recipientBytes;

    /// Ends the lines of content in chunks properly; null unless the content comes in chunks, as is `sink`.
    @Nullable DotReader chunks;

    @Nullable ContentSink sink;

    /// The size of the content, once it is there.
    long size;

    /// The text by which policy servers know the message; empty until MAIL is accepted.
    String instance = "";

    /// The number of recipients that were refused because there were too many.
    int overshoot;

    Transaction(Address sender, MailParameters parameters, Disposition disposition) {
        this.sender = sender;
        this.parameters = parameters;
        this.disposition = disposition;
        String auth = parameters.auth();
        saslSender = auth == null || auth.equals("<>") ? null : Xtext.decode(auth).orElse(auth);
    }

    Address sender() {
        return sender;
    }

    MailParameters parameters() {
        return parameters;
    }

    /// The user who submitted the message first, as the client says (RFC 4954, 5); null if it does not. It counts only of a client that
    /// has logged in.
    @Nullable String saslSender() {
        return saslSender;
    }

    Disposition disposition() {
        return disposition;
    }

    /// The queue id, or `NOQUEUE`; stays when the message has been handed over.
    String queueIdText() {
        return queueId;
    }

    Facts.OfMessage facts() {
        return new Facts.OfMessage(
                instance,
                size > 0 ? size : Math.max(parameters.size(), 0),
                saslSender == null ? "" : saslSender);
    }

    int recipientCount() {
        return recipients.size();
    }

    List<Accepted> recipients() {
        return recipients;
    }

    void add(Accepted recipient) {
        recipients.add(recipient);
        String orcpt = recipient.parameters().orcpt();
        recipientBytes += recipient.mailbox().toString().length();
        recipientBytes += orcpt == null ? 0 : orcpt.length();
    }

    /// True if recipients are so many, or so long, that there must be no more.
    boolean isFull(int limit) {
        return recipients.size() >= limit || recipientBytes > MAX_RECIPIENT_BYTES;
    }

    /// The recipient, if there is just one.
    @Nullable Address onlyRecipient() {
        return recipients.size() == 1 ? recipients.getFirst().mailbox() : null;
    }

    /// The way that the message takes; null before the first recipient.
    @Nullable Handover handover() {
        return handover;
    }

    /// The message is on its way from now on.
    void opened(Handover h) {
        handover = h;
        queueId = h.queueIdText();
    }

    /// Throws away what others have of the message, if it was not finished.
    void close() {
        Handover h = handover;
        handover = null;
        if (h != null) {
            h.close();
        }
    }
}
