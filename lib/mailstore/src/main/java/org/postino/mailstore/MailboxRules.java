// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.util.LinkedHashMap;
import java.util.Map;
import org.postino.config.Config;

/// The rules of main.cf for single mailboxes, of all users. Names have `/` between their levels ([MailboxValues]).
///
/// @param auto the mailboxes that every user has without making them
public record MailboxRules(Map<String, Auto> auto) {
    /// Nothing is done by itself.
    public static final MailboxRules NONE = new MailboxRules(Map.of());

    /// The way in which a mailbox is there by itself.
    public enum Auto {
        CREATE,
        SUBSCRIBE
    }

    public static MailboxRules of(Config config) {
        var auto = new LinkedHashMap<String, Auto>();
        MailboxValues.of(config.get(MailParams.MAILBOX_AUTO))
                .forEach((name, value) -> {
                    switch (value) {
                        case "create" -> auto.put(name, Auto.CREATE);
                        case "subscribe" -> auto.put(name, Auto.SUBSCRIBE);
                        default -> auto.remove(name);
                    }
                });
        return new MailboxRules(auto);
    }

    /// The name of a mailbox as the rules have it, in a store with this separator.
    static String inStore(String name, char separator) {
        return Layout.canonical(name.replace('/', separator), separator);
    }
}
