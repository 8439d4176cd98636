// SPDX-License-Identifier: Apache-2.0

package org.postino.tls;

import java.util.Optional;
import org.postino.config.ParamType;
import org.postino.config.ValueException;

/// The care with which an SMTP client honours REQUIRETLS (RFC 8689): the words of `smtp_requiretls_policy` and of its tables.
public enum RequireTlsAction {
    /// A server must have TLS, prove who it is, and offer REQUIRETLS.
    ENFORCE("enforce"),
    /// A server must have TLS; it hears of REQUIRETLS if it offers it.
    STARTTLS("opportunistic+starttls"),
    /// A server hears of REQUIRETLS if it has TLS and offers it.
    OPPORTUNISTIC("opportunistic"),
    /// The message goes as if nothing had been asked for.
    DISABLE("disable");

    /// Looks at the items of `smtp_requiretls_policy`: an action or a table each.
    public static final ParamType.Words ITEMS =
            (items, _) -> {
                for (String item : items) {
                    if (item.indexOf(':') < 0 && parse(item).isEmpty()) {
                        throw new ValueException(
                                "must be a list of enforce, opportunistic+starttls, opportunistic, disable"
                                        + " and type:table, and has \""
                                        + item
                                        + "\"");
                    }
                }
            };

    private final String word;

    RequireTlsAction(String word) {
        this.word = word;
    }

    /// Reads a word, in upper or lower case; empty if it is none of them.
    public static Optional<RequireTlsAction> parse(String word) {
        for (RequireTlsAction action : values()) {
            if (action.word.equalsIgnoreCase(word)) {
                return Optional.of(action);
            }
        }
        return Optional.empty();
    }
}
