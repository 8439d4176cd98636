// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postino.message.Address;
import org.postino.milter.MilterMessage;
import org.postino.milter.MilterVerdict;
import org.postino.milter.Milters;
import org.postino.queue.MessageEdit;
import org.postino.smtp.MailParameters;
import org.postino.smtp.RcptParameters;
import org.postino.smtp.Replies;
import org.postino.smtp.Reply;
import org.postino.smtp.SmtpStage;

/// Asks the milters of one session. Owned by the session's thread.
///
/// They see the content when cleanup has all of it, as it will be delivered, and not as it comes: with the fields that cleanup adds and the
/// addresses that it rewrites, so that a signature holds, and each milter with the edits of those before it.
///
/// What a milter says of the client at HELO, or temporarily when it connects, is logged there and refuses MAIL: the client learns it
/// where it expects to (Postfix does so).
final class MilterInspector implements Inspector {
    private final Milters milters;
    private final MilterSource.Fixed fixed;
    private final AddressLookup addresses;
    private final ClientLimits limits;
    private boolean inMessage;

    MilterInspector(
            Milters milters,
            MilterSource.Fixed fixed,
            AddressLookup addresses,
            ClientLimits limits) {
        this.milters = milters;
        this.fixed = fixed;
        this.addresses = addresses;
        this.limits = limits;
    }

    @Override
    public String logPrefix() {
        return "milter-";
    }

    @Override
    public void inspect(Inspection at) {
        Facts facts = at.facts();
        var macros = macros(facts, null);
        Client client = facts.client();
        switch (at.stage()) {
            case CONNECT ->
                    ofClient(
                            at,
                            milters.connect(name(client), client.address(), client.port(), macros));
            case HELO -> ofClient(at, milters.helo(text(facts.helo()), macros));
            case MAIL -> {
                inMessage = true;
                answer(at, milters.mail(words(at, facts.sender()), macros));
            }
            case RCPT -> {
                if (isRecipient(at)) {
                    answer(at, milters.rcpt(words(at, facts.recipient()), macros));
                }
            }
            case DATA -> {
                if (!at.isDiscarded()) {
                    answer(at, milters.data(macros));
                }
            }
            case ETRN, END_OF_HEADER -> {}
            case END_OF_MESSAGE -> endOfMessage(at, macros);
        }
    }

    /// The name of a client as milters are told it: its address in brackets if that has none.
    static String name(Client client) {
        return client.name().equals(ClientName.UNKNOWN) && client.address() != null
                ? "[" + client.addressText() + "]"
                : client.name();
    }

    private static boolean isRecipient(Inspection at) {
        return at.word().equals(SmtpStage.RCPT.word()) && !at.isDiscarded();
    }

    @Override
    public void refused(Inspection at, Reply reply) {
        if (isRecipient(at)) {
            Facts facts = at.facts();
            milters.refusedRcpt(words(at, facts.recipient()), macros(facts, reply));
        }
    }

    @Override
    public void unknown(Inspection at, String word) {
        answer(at, milters.unknown(word, macros(at.facts(), null)));
    }

    @Override
    public void messageEnded() {
        if (inMessage) {
            inMessage = false;
            milters.abort();
        }
    }

    @Override
    public void close() {
        milters.close();
    }

    private void endOfMessage(Inspection at, MilterMacroValues macros) {
        if (at.isDiscarded()) {
            return;
        }
        try {
            InputStream probe = at.message();
            if (probe != null) {
                answer(at, milters.message(new Message(at, probe), macros));
            }
        } catch (IOException e) {
            at.warning("cannot read the message from cleanup: " + e.getMessage());
            at.act(new Action.Refuse(Replies.QUEUE_WRITE_ERROR));
        }
    }

    private MilterMacroValues macros(Facts facts, @Nullable Reply refusal) {
        return new MilterMacroValues(facts, refusal, fixed, addresses, limits);
    }

    private static List<String> words(Inspection at, @Nullable Address address) {
        List<String> words = new ArrayList<>();
        words.add(address == null ? "<>" : address.path());
        words.addAll(at.parameters());
        return words;
    }

    private static String text(@Nullable String helo) {
        return helo == null ? "" : helo;
    }

    private void ofClient(Inspection at, MilterVerdict verdict) {
        if (!(verdict instanceof MilterVerdict.Refuse(Reply reply)) || reply.code() == 421) {
            answer(at, verdict);
        } else if (at.stage() == SmtpStage.CONNECT && reply.isPermanent()) {
            at.refuse(
                    reply, Reply.plain(554, fixed.hostname() + " ESMTP not accepting connections"));
        } else {
            at.rejected(reply);
        }
    }

    private static void answer(Inspection at, MilterVerdict verdict) {
        switch (verdict) {
            case MilterVerdict.Pass _ -> {}
            case MilterVerdict.Refuse(var reply) -> at.act(new Action.Refuse(reply));
            case MilterVerdict.Discard _ ->
                    at.act(new Action.Discard("milter triggers DISCARD action"));
            case MilterVerdict.Quarantine(var reason) -> at.act(new Action.Quarantine(reason));
        }
    }

    /// The message, whose changes are actions.
    private static final class Message implements MilterMessage {
        private final Inspection at;
        private @Nullable InputStream first;

        /// @param first the content, which the first milter reads
        Message(Inspection at, InputStream first) {
            this.at = at;
            this.first = first;
        }

        @Override
        public InputStream content() throws IOException {
            InputStream in = first == null ? at.message() : first;
            first = null;
            return in == null ? InputStream.nullInputStream() : in; // an edit was refused
        }

        @Override
        public void edit(MessageEdit edit) {
            first = null;
            at.act(new Action.Edit(edit));
        }

        @Override
        public void addRecipient(Address address, RcptParameters parameters) {
            at.act(new Action.AddRecipient(address, parameters));
        }

        @Override
        public void removeRecipient(Address address) {
            at.act(new Action.RemoveRecipient(address));
        }

        @Override
        public void changeSender(Address address, MailParameters parameters) {
            at.act(new Action.ChangeSender(address, parameters));
        }

        @Override
        public void quarantine(String reason) {
            at.act(new Action.Quarantine(reason));
        }
    }
}
