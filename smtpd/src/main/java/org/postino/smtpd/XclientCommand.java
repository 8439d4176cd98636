// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.postino.smtp.Command;
import org.postino.smtp.Replies;
import org.postino.smtp.Reply;
import org.postino.smtp.Verb;
import org.postino.smtp.XclientAttribute;

/// The command XCLIENT, from proxies in `smtpd_authorized_xclient_hosts`: the session is another client's from then on.
final class XclientCommand {
    /// The mechanism of a log-in of which a proxy tells, as log lines show it.
    private static final String METHOD = "XCLIENT";

    private final Services services;
    private final SessionState state;
    private final SessionLog log;

    XclientCommand(Services services, SessionState state, SessionLog log) {
        this.services = services;
        this.state = state;
        this.log = log;
    }

    /// True if the client may send the command. It is asked about whom the session is with now: who has spoken for a client that may not
    /// has had its say.
    static boolean isAllowed(Services services, SessionState state, SessionLog log) {
        return XforwardCommand.isAmong(services.xclients(), state, log);
    }

    /// Changes the client of the session, which forgets what was said before; nothing if an attribute is wrong.
    ///
    /// @return the reply to what is wrong; null if the session shall start again
    @Nullable Reply run(Command.Xclient command) {
        if (command.attributes().isEmpty()) {
            return Replies.attributesMissing(Verb.XCLIENT);
        }
        if (!isAllowed(services, state, log)) {
            return Replies.NOT_AUTHORIZED;
        }
        Map<XclientAttribute, AttributeWord> given = new EnumMap<>(XclientAttribute.class);
        for (String word : command.attributes()) {
            Reply problem = AttributeWord.problem(word);
            if (problem == null) {
                problem = note(AttributeWord.of(word), given);
            }
            if (problem != null) {
                return problem;
            }
        }
        become(given);
        return null;
    }

    private static @Nullable Reply note(
            AttributeWord word, Map<XclientAttribute, AttributeWord> given) {
        XclientAttribute attribute = XclientAttribute.find(word.name());
        if (attribute == null) {
            return Replies.unknownAttribute(Verb.XCLIENT, word.name());
        }
        given.put(attribute, word);
        return word.isUnavailable() || isGood(attribute, word) ? null : word.bad();
    }

    private static boolean isGood(XclientAttribute attribute, AttributeWord word) {
        return switch (attribute) {
            case NAME, REVERSE_NAME -> isTemporary(word) || word.hostname().isPresent();
            case ADDR, DESTADDR -> word.address().isPresent();
            case PORT, DESTPORT -> word.port().isPresent();
            case PROTO ->
                    word.text().equalsIgnoreCase("SMTP") || word.text().equalsIgnoreCase("ESMTP");
            case HELO, LOGIN -> true;
        };
    }

    private static boolean isTemporary(AttributeWord word) {
        return word.given().equalsIgnoreCase(XclientAttribute.TEMPORARY);
    }

    private void become(Map<XclientAttribute, AttributeWord> given) {
        Client before = state.client;
        InetAddress address = address(given.get(XclientAttribute.ADDR), before.address());
        AttributeWord port = given.get(XclientAttribute.PORT);
        state.client =
                new Client(
                        name(given, address),
                        address,
                        port == null ? before.port() : port.port().orElse(0),
                        before.logPort());
        state.atConnect = new Disposition(); // of the proxy
        state.forget();
        server(given.get(XclientAttribute.DESTADDR), given.get(XclientAttribute.DESTPORT));
        AttributeWord helo = given.get(XclientAttribute.HELO);
        state.helo = helo == null || helo.isUnavailable() ? null : helo.neutral();
        AttributeWord protocol = given.get(XclientAttribute.PROTO);
        state.esmtp = protocol != null && protocol.text().toUpperCase(Locale.ROOT).equals("ESMTP");
        AttributeWord login = given.get(XclientAttribute.LOGIN);
        state.login =
                login == null || login.isUnavailable() || login.text().isEmpty()
                        ? null
                        : new Login(METHOD, login.text());
    }

    private static @Nullable InetAddress address(
            @Nullable AttributeWord word, @Nullable InetAddress before) {
        return word == null ? before : word.address().orElse(Client.NO_ADDRESS);
    }

    private void server(@Nullable AttributeWord address, @Nullable AttributeWord port) {
        InetSocketAddress before = state.server;
        if (before != null) {
            state.server =
                    new InetSocketAddress(
                            address(address, before.getAddress()),
                            port == null ? before.getPort() : port.port().orElse(0));
        }
    }

    /// The client's name as the proxy tells it; of an address without a word about its name, what the domain name system says.
    private ClientName name(
            Map<XclientAttribute, AttributeWord> given, @Nullable InetAddress address) {
        AttributeWord name = given.get(XclientAttribute.NAME);
        AttributeWord reverse = given.get(XclientAttribute.REVERSE_NAME);
        ClientName before = state.client.named();
        if (name == null && given.containsKey(XclientAttribute.ADDR)) {
            before =
                    address == null || address.equals(Client.NO_ADDRESS)
                            ? ClientName.nameless(ClientName.Status.NONE)
                            : services.names().of(address);
        }
        AttributeWord claimed = reverse == null ? name : reverse;
        return new ClientName(
                name == null ? before.name() : text(name),
                name == null ? before.status() : status(name),
                claimed == null ? before.reverse() : text(claimed),
                claimed == null ? before.reverseStatus() : status(claimed),
                null);
    }

    private static String text(AttributeWord word) {
        return status(word) == ClientName.Status.OK ? word.text() : ClientName.UNKNOWN;
    }

    private static ClientName.Status status(AttributeWord word) {
        if (isTemporary(word)) {
            return ClientName.Status.TEMPORARY;
        }
        return word.isUnavailable() ? ClientName.Status.NONE : ClientName.Status.OK;
    }
}
