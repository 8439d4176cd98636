// SPDX-License-Identifier: Apache-2.0

package org.postino.pipe;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.postino.config.Expander;
import org.postino.config.ValueException;
import org.postino.message.Address;
import org.postino.queue.DeliveryRequest;
import org.postino.queue.Envelope;
import org.postino.queue.Recipient;
import org.postino.suite.CommandRow;

/// The words of a command: `argv=` of its row with the macros replaced for one delivery.
///
/// An argument with a macro of recipients, `${recipient}` or `${user}` say, stands there once for each recipient.
final class PipeArguments {
    private static final String END_OF_OPTIONS = "--";

    private static final Map<String, String> ATTRIBUTES =
            Map.of(
                    "client_address", Envelope.CLIENT_ADDRESS,
                    "client_helo", Envelope.HELO_NAME,
                    "client_hostname", Envelope.CLIENT_NAME,
                    "client_port", Envelope.CLIENT_PORT,
                    "client_protocol", Envelope.PROTOCOL_NAME,
                    "envelope_id", Envelope.ENVID,
                    "sasl_method", Envelope.SASL_METHOD,
                    "sasl_sender", Envelope.SASL_SENDER,
                    "sasl_username", Envelope.SASL_USERNAME);

    private final CommandRow row;
    private final String delimiters;
    private final DeliveryRequest request;

    /// @param delimiters `recipient_delimiter`
    PipeArguments(CommandRow row, String delimiters, DeliveryRequest request) {
        this.row = row;
        this.delimiters = delimiters;
        this.request = request;
    }

    /// The command and its arguments, for these recipients.
    ///
    /// @throws ValueException an argument is malformed
    List<String> words(List<Recipient> recipients) throws ValueException {
        var words = new ArrayList<String>();
        for (String argument : row.argv()) {
            if (!isOfRecipient(argument)) {
                words.add(expanded(argument, null));
                continue;
            }
            for (Recipient r : recipients) {
                words.add(expanded(argument, r));
            }
        }
        return words;
    }

    /// True if something that the sender wrote begins an argument with `-`, and the command would take it for an option.
    ///
    /// @param recipient null to look at arguments that are the same for all recipients
    boolean isMisleading(@Nullable Recipient recipient) throws ValueException {
        for (String argument : row.argv()) {
            if (argument.equals(END_OF_OPTIONS)) {
                return false;
            }
            if (!argument.startsWith("-")
                    && isOfRecipient(argument) == (recipient != null)
                    && expanded(argument, recipient).startsWith("-")) {
                return true;
            }
        }
        return false;
    }

    private static boolean isOfRecipient(String argument) throws ValueException {
        var names = new HashSet<>(CommandRow.macros(argument));
        names.retainAll(CommandRow.OF_RECIPIENT);
        return !names.isEmpty();
    }

    private String expanded(String argument, @Nullable Recipient recipient) throws ValueException {
        return Expander.expand(argument, name -> value(name, recipient));
    }

    private String value(String name, @Nullable Recipient recipient) {
        String attribute = ATTRIBUTES.get(name);
        if (attribute != null) {
            return request.attributes().getOrDefault(attribute, "");
        }
        return switch (name) {
            case "sender" -> sender();
            case "nexthop" -> folded('h', request.nexthop());
            case "queue_id" -> request.id().text();
            case "size" -> Long.toString(request.size());
            default -> recipient == null ? "" : ofRecipient(name, recipient);
        };
    }

    /// The sender for the command; the word of the row for the null sender.
    private String sender() {
        String sender = request.sender().isEmpty() ? row.nullSender() : request.sender();
        return row.has('q') && !sender.isEmpty() ? Address.parse(sender).quoted() : sender;
    }

    private String ofRecipient(String name, Recipient r) {
        return switch (name) {
            case "recipient" -> whole(r.address());
            case "original_recipient" -> whole(r.original());
            case "mailbox" -> folded('u', Address.parse(r.address()).localPart());
            case "user" -> user(r);
            case "extension" -> folded('u', Address.parse(r.address()).extension(delimiters));
            case "domain" -> folded('h', Address.parse(r.address()).domain());
            default -> "";
        };
    }

    private String user(Recipient r) {
        return folded('u', Address.parse(r.address()).user(delimiters));
    }

    private String whole(String text) {
        Address address = Address.parse(text);
        var folded = new Address(folded('u', address.localPart()), folded('h', address.domain()));
        return row.has('q') ? folded.quoted() : folded.toString();
    }

    /// The text in lower case if the row has this flag.
    private String folded(char flag, String text) {
        return row.has(flag) ? text.toLowerCase(Locale.ROOT) : text;
    }
}
