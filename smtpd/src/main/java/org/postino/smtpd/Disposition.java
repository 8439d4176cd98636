// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postino.message.Address;
import org.postino.message.NewField;
import org.postino.queue.Envelope;
import org.postino.queue.MessageEdit;
import org.postino.queue.Submission;
import org.postino.smtp.MailParameters;
import org.postino.smtp.RcptParameters;

/// The answers about a message that are carried out when it is taken. Lives as long as the transaction; owned by the session's thread.
///
/// Answers come at all stages, and cleanup hears of them in this order: fields that are put in front, with the head of the message;
/// its content; edits; recipients and the rest of the envelope, with [#tell]. So it does not matter when an inspector makes up its mind.
final class Disposition {
    /// The most edits that wait for the end of a content; cleanup takes as many.
    private static final int MAX_EDITS = 1000;

    private static final int MAX_PREPENDS = 100;

    private static final int MAX_COPIES = 100;

    private final Set<String> prepends = new LinkedHashSet<>();

    /// Further recipients, each once.
    private final Set<String> copies = new LinkedHashSet<>();

    /// Recipients that were added and taken out, by their keys.
    private final Map<String, Transaction.Accepted> added = new LinkedHashMap<>();

    private final Set<String> removed = new HashSet<>();
    private @Nullable Address sender;
    private MailParameters senderParameters = MailParameters.NONE;
    private final List<MessageEdit> edits = new ArrayList<>();
    private boolean headSent;
    private boolean forgetting;
    private @Nullable Submission ended;
    private @Nullable IOException failure;
    private @Nullable String quarantine;
    boolean hold;
    boolean discard;

    /// All recipients are replaced by this one.
    @Nullable String redirect;

    /// `transport:nexthop` of a content filter.
    @Nullable String filter;

    /// A copy for a transaction of its own.
    Disposition copy() {
        var copy = new Disposition();
        copy.hold = hold;
        copy.discard = discard;
        copy.quarantine = quarantine;
        copy.redirect = redirect;
        copy.copies.addAll(copies);
        copy.filter = filter;
        copy.prepends.addAll(prepends);
        copy.edits.addAll(edits);
        return copy;
    }

    /// Adds a recipient, once.
    ///
    /// @return false if there are too many
    boolean copyTo(String address) {
        return copies.contains(address) || (copies.size() < MAX_COPIES && copies.add(address));
    }

    /// Adds a header field for the top of the message; the same field is put there once.
    ///
    /// @param field `Name: text`
    void prepend(String field) {
        if (prepends.size() < MAX_PREPENDS && prepends.add(field) && headSent) {
            int colon = field.indexOf(':');
            String text = field.substring(colon + 1).stripLeading();
            edit(MessageEdit.prepend(NewField.of(field.substring(0, colon), text)));
        }
    }

    /// The fields for the head of the message, which is about to be sent; later ones are edits.
    Set<String> prependsForHead() {
        headSent = true;
        return prepends;
    }

    /// Changes the message: at once if cleanup has the whole content, or else as soon as it has. Beyond a limit edits that wait are left out.
    ///
    /// @throws IllegalStateException the body shall be replaced before there is one
    void edit(MessageEdit edit) {
        if (forgetting) {
            edits.addAll(edits.isEmpty() ? List.of(edit) : List.of());
        } else if (ended != null) {
            send(edit, ended);
        } else if (edit instanceof MessageEdit.NewBody || edit instanceof MessageEdit.BodyPart) {
            throw new IllegalStateException("a new body before the content has ended");
        } else if (edits.size() < MAX_EDITS) {
            edits.add(edit);
        }
    }

    /// Cleanup has the whole content: edits that waited are sent.
    void contentEnded(Submission submission) {
        ended = submission;
        edits.forEach(edit -> send(edit, submission));
    }

    private void send(MessageEdit edit, Submission submission) {
        try {
            if (failure == null) {
                submission.edit(edit);
            }
        } catch (IOException e) {
            failure = e;
        }
    }

    /// Holds the message; the first reason stays.
    void quarantine(String reason) {
        hold = true;
        quarantine = quarantine == null ? reason : quarantine;
    }

    /// The content has ended, and nobody can change it: edits are forgotten from now on.
    void forgetEdits() {
        forgetting = true;
    }

    /// True if edits were wanted that nobody has carried out.
    boolean lacksEdits() {
        return !edits.isEmpty();
    }

    /// True if more shall be done about the message than to pass it on.
    boolean isSpecial() {
        return hold || redirect != null || filter != null || !copies.isEmpty();
    }

    /// Opens the message as cleanup has it; it has the whole content.
    ///
    /// @return null if cleanup will not take it, or if it went to a filter before the queue
    @Nullable InputStream content() throws IOException {
        Submission submission = ended;
        return submission == null ? null : submission.message();
    }

    /// Adds a recipient.
    void add(Address address, RcptParameters parameters) {
        removed.remove(address.key());
        added.put(address.key(), new Transaction.Accepted(address, parameters));
    }

    /// Takes out a recipient that a client or somebody else has named.
    void remove(Address address) {
        added.remove(address.key());
        removed.add(address.key());
    }

    /// Replaces the sender.
    void changeSender(Address address, MailParameters parameters) {
        sender = address;
        senderParameters = parameters;
    }

    /// Tells cleanup what it must know besides the content.
    ///
    /// @param accepted the recipients that the client was told are accepted
    /// @param contentFilter the filter of messages that nobody sends to another; empty if there is none
    /// @throws IOException cleanup has gone, now or at an edit
    void tell(Submission submission, List<Transaction.Accepted> accepted, String contentFilter)
            throws IOException {
        if (failure != null) {
            throw failure;
        }
        tellSender(submission);
        for (Transaction.Accepted one : recipients(accepted)) {
            String orcpt = one.parameters().orcpt();
            submission.recipient(
                    one.mailbox().toString(),
                    "",
                    one.parameters().notifyText(),
                    orcpt == null ? "" : orcpt);
        }
        if (hold) {
            submission.attribute(Envelope.HOLD, Envelope.YES);
        }
        if (quarantine != null) {
            submission.attribute(Envelope.QUARANTINE, quarantine);
        }
        String destination = filter == null ? contentFilter : filter;
        if (!destination.isEmpty()) {
            submission.attribute(Envelope.FILTER, destination);
        }
    }

    private void tellSender(Submission submission) throws IOException {
        if (sender == null) {
            return;
        }
        submission.attribute(Envelope.NEW_SENDER, sender.toString());
        var ret = senderParameters.ret();
        if (ret != null) {
            submission.attribute(Envelope.RET, ret.name());
        }
        String envid = senderParameters.envid();
        if (envid != null) {
            submission.attribute(Envelope.ENVID, envid);
        }
    }

    /// True if all recipients were taken out: the message goes nowhere.
    ///
    /// @param accepted as for [#tell]
    boolean isForNobody(List<Transaction.Accepted> accepted) {
        return recipients(accepted).isEmpty();
    }

    private List<Transaction.Accepted> recipients(List<Transaction.Accepted> accepted) {
        if (redirect != null) {
            return List.of(silent(redirect));
        }
        var all = new ArrayList<>(accepted);
        all.removeIf(one -> removed.contains(one.mailbox().key()));
        all.addAll(added.values());
        copies.forEach(address -> all.add(silent(address)));
        return all;
    }

    private static Transaction.Accepted silent(String address) {
        return new Transaction.Accepted(Address.parse(address), RcptParameters.NONE);
    }
}
