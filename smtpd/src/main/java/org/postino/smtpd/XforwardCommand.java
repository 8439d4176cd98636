// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postino.routing.Networks;
import org.postino.smtp.Command;
import org.postino.smtp.Replies;
import org.postino.smtp.Reply;
import org.postino.smtp.Verb;
import org.postino.smtp.XforwardAttribute;
import org.postino.table.TableException;

/// The command XFORWARD, from clients in `smtpd_authorized_xforward_hosts`.
final class XforwardCommand {
    private final Services services;
    private final SessionState state;
    private final SessionLog log;

    XforwardCommand(Services services, SessionState state, SessionLog log) {
        this.services = services;
        this.state = state;
        this.log = log;
    }

    /// True if the client may send the command.
    static boolean isAllowed(Services services, SessionState state, SessionLog log) {
        return isAmong(services.xforwarders(), state, log);
    }

    /// True if the client is among those; false also if a table cannot tell now.
    static boolean isAmong(Networks hosts, SessionState state, SessionLog log) {
        InetAddress address = state.client.address();
        try {
            return address != null && hosts.contains(state.client.name(), address);
        } catch (TableException e) {
            log.warning(String.valueOf(e.getMessage()));
            return false;
        }
    }

    /// Notes the attributes for the next message; none of them if one is wrong.
    Reply run(Command.Xforward command) {
        if (command.attributes().isEmpty()) {
            return Replies.attributesMissing(Verb.XFORWARD);
        }
        if (!isAllowed(services, state, log)) {
            return Replies.NOT_AUTHORIZED;
        }
        var client = new ForwardedClient(state.forwarded);
        for (String word : command.attributes()) {
            Reply problem = AttributeWord.problem(word);
            if (problem == null) {
                problem = set(client, AttributeWord.of(word));
            }
            if (problem != null) {
                return problem;
            }
        }
        state.forwarded = client;
        return Replies.OK;
    }

    private static @Nullable Reply set(ForwardedClient client, AttributeWord word) {
        XforwardAttribute attribute = XforwardAttribute.find(word.name());
        if (attribute == null) {
            return Replies.unknownAttribute(Verb.XFORWARD, word.name());
        }
        if (word.isUnavailable()) {
            client.set(attribute, "");
            return null;
        }
        Optional<String> value = value(attribute, word);
        value.ifPresent(v -> client.set(attribute, v));
        return value.isPresent() ? null : word.bad();
    }

    /// The value as it is kept; empty if the attribute has no such values.
    private static Optional<String> value(XforwardAttribute attribute, AttributeWord word) {
        return switch (attribute) {
            case NAME -> word.hostname();
            case ADDR -> word.address().map(Client::text);
            case PORT -> word.port().map(_ -> word.text());
            case HELO, PROTO -> Optional.of(word.neutral());
            case IDENT -> Optional.of(word.neutralId());
            case SOURCE ->
                    Optional.of(word.text().toUpperCase(Locale.ROOT))
                            .filter(s -> s.equals("LOCAL") || s.equals("REMOTE"));
        };
    }
}
