// SPDX-License-Identifier: Apache-2.0

package org.postino.queue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.postino.message.Xtext;
import org.postino.smtp.Command;
import org.postino.smtp.XforwardAttribute;

/// The commands that tell a content filter who brought a message to us (Postfix, XFORWARD_README).
///
/// Where a filter before us has told of the client, it is that client which is passed on.
public final class XforwardCommands {
    private static final String UNKNOWN = "unknown";

    private final Set<String> announced;
    private final Map<String, String> attributes;
    private final String ident;

    /// @param announced the attributes that the server knows, in upper case
    /// @param attributes those of the message's [Envelope]
    /// @param ident the queue id; empty if it has none
    public XforwardCommands(Set<String> announced, Map<String, String> attributes, String ident) {
        this.announced = Set.copyOf(announced);
        this.attributes = Map.copyOf(attributes);
        this.ident = ident;
    }

    /// The commands, two at most so that none is too long; none if the server would learn nothing.
    public List<Command> commands() {
        var commands = new ArrayList<Command>();
        add(commands, first());
        add(commands, second());
        return commands;
    }

    private static void add(List<Command> commands, List<String> attributes) {
        if (!attributes.isEmpty()) {
            commands.add(new Command.Xforward(List.copyOf(attributes)));
        }
    }

    private List<String> first() {
        var words = new ArrayList<String>();
        word(words, XforwardAttribute.NAME, known(Envelope.LOG_CLIENT_NAME, Envelope.CLIENT_NAME));
        String address = known(Envelope.LOG_CLIENT_ADDRESS, Envelope.CLIENT_ADDRESS);
        boolean six = address.indexOf(':') >= 0;
        word(words, XforwardAttribute.ADDR, six ? XforwardAttribute.IPV6 + address : address);
        word(words, XforwardAttribute.PORT, known(Envelope.LOG_CLIENT_PORT, Envelope.CLIENT_PORT));
        return words;
    }

    private List<String> second() {
        var words = new ArrayList<String>();
        word(
                words,
                XforwardAttribute.PROTO,
                known(Envelope.LOG_PROTOCOL_NAME, Envelope.PROTOCOL_NAME));
        word(words, XforwardAttribute.HELO, known(Envelope.LOG_HELO_NAME, Envelope.HELO_NAME));
        String told = attribute(Envelope.LOG_IDENT);
        word(words, XforwardAttribute.IDENT, told.isEmpty() ? ident : told);
        boolean local = attribute(Envelope.REWRITE).equals(Envelope.LOCAL);
        word(words, XforwardAttribute.SOURCE, local ? "LOCAL" : "REMOTE");
        return words;
    }

    private void word(List<String> words, XforwardAttribute attribute, String value) {
        if (!value.isEmpty() && announced.contains(attribute.name())) {
            words.add(attribute.name() + "=" + Xtext.encode(value));
        }
    }

    /// A value as a filter before us told it, if one told anything of the client, or as we know it; empty if neither is known.
    private String known(String told, String seen) {
        boolean fromFilter =
                attributes.containsKey(Envelope.LOG_CLIENT_NAME)
                        || attributes.containsKey(Envelope.LOG_CLIENT_ADDRESS);
        String value = attribute(fromFilter ? told : seen);
        return value.equals(UNKNOWN) ? "" : value;
    }

    private String attribute(String name) {
        return attributes.getOrDefault(name, "");
    }
}
