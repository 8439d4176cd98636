// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postino.message.Xtext;
import org.postino.smtp.Command;
import org.postino.smtp.Replies;
import org.postino.smtp.Reply;
import org.postino.smtp.XforwardAttribute;
import org.postino.table.TableException;
import org.postino.util.Cidr;
import org.postino.util.Printable;

/// The command XFORWARD, from clients in `smtpd_authorized_xforward_hosts`.
final class XforwardCommand {
    private static final int LONGEST = 255;

    /// Characters that could end a log line's name or a comment in a header field.
    private static final String NEUTRAL = " <>()\\\";@";

    /// As [#NEUTRAL], for a queue id, which stands in front of others in a log line: what could begin the next name there.
    private static final String NEUTRAL_ID = NEUTRAL + ",=[]";

    private final Services services;
    private final SessionState state;
    private final SessionLog log;

    XforwardCommand(Services services, SessionState state, SessionLog log) {
        this.services = services;
        this.state = state;
        this.log = log;
    }

    /// True if the client may send the command; false also if a table cannot tell now.
    static boolean isAllowed(Services services, SessionState state, SessionLog log) {
        InetAddress address = state.client.address();
        try {
            return address != null && services.xforwarders().contains(state.client.name(), address);
        } catch (TableException e) {
            log.warning(String.valueOf(e.getMessage()));
            return false;
        }
    }

    /// Notes the attributes for the next message; none of them if one is wrong.
    Reply run(Command.Xforward command) {
        if (command.attributes().isEmpty()) {
            return Replies.SYNTAX_XFORWARD;
        }
        if (!isAllowed(services, state, log)) {
            return Replies.NOT_AUTHORIZED;
        }
        var client = new ForwardedClient(state.forwarded);
        for (String word : command.attributes()) {
            Reply problem = set(client, word);
            if (problem != null) {
                return problem;
            }
        }
        state.forwarded = client;
        return Replies.OK;
    }

    private static @Nullable Reply set(ForwardedClient client, String word) {
        int equals = word.indexOf('=');
        if (equals < 0) {
            return Replies.ATTRIBUTE_EXPECTED;
        }
        String name = Printable.text(word.substring(0, equals), LONGEST);
        String given = word.substring(equals + 1);
        if (given.length() > LONGEST) {
            return Replies.ATTRIBUTE_TOO_LONG;
        }
        XforwardAttribute attribute = XforwardAttribute.find(name);
        if (attribute == null) {
            return Replies.unknownAttribute(name);
        }
        if (given.equalsIgnoreCase(XforwardAttribute.UNAVAILABLE)) {
            client.set(attribute, "");
            return null;
        }
        Optional<String> value = value(attribute, Xtext.decode(given).orElse(given));
        value.ifPresent(v -> client.set(attribute, v));
        return value.isPresent() ? null : Replies.badAttribute(name, Printable.text(given));
    }

    /// The value as it is kept; empty if the attribute has no such values.
    private static Optional<String> value(XforwardAttribute attribute, String text) {
        return switch (attribute) {
            case NAME -> Optional.of(text).filter(HostSyntax::isHostname);
            case ADDR -> address(text).map(Client::text);
            case PORT -> Optional.of(text).filter(XforwardCommand::isPort);
            case HELO, PROTO -> Optional.of(Printable.without(NEUTRAL, text, LONGEST));
            case IDENT -> Optional.of(Printable.without(NEUTRAL_ID, text, LONGEST));
            case SOURCE ->
                    Optional.of(text.toUpperCase(Locale.ROOT))
                            .filter(s -> s.equals("LOCAL") || s.equals("REMOTE"));
        };
    }

    private static Optional<InetAddress> address(String text) {
        String prefix = XforwardAttribute.IPV6;
        return Cidr.address(
                text.regionMatches(true, 0, prefix, 0, prefix.length())
                        ? text.substring(prefix.length())
                        : text);
    }

    private static boolean isPort(String text) {
        return text.matches("[0-9]{1,5}") && Integer.parseInt(text) <= 65535;
    }
}
