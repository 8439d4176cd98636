// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.postino.config.Expander;
import org.postino.config.ParamType;
import org.postino.config.ValueException;

/// The words of `local_header_rewrite_clients`, beside tables of client addresses.
public enum RewriteClients {
    PERMIT_INET_INTERFACES,
    PERMIT_MYNETWORKS,
    PERMIT_SASL_AUTHENTICATED,
    PERMIT_TLS_CLIENTCERTS,
    PERMIT_TLS_ALL_CLIENTCERTS,
    CHECK_ADDRESS_MAP;

    /// Finds a word; null if it is none, as a table is not.
    public static @Nullable RewriteClients find(String text) {
        for (var word : values()) {
            if (word.word().equalsIgnoreCase(text)) {
                return word;
            }
        }
        return null;
    }

    private String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Finds items that are neither.
    static final class Items implements ParamType.Words {
        @Override
        public void check(List<String> items, Expander.Values others) throws ValueException {
            for (String item : items) {
                if (find(item) == null && item.indexOf(':') <= 0) {
                    throw new ValueException(
                            "has no word \""
                                    + item
                                    + "\"; there are "
                                    + String.join(
                                            ", ",
                                            List.of(values()).stream()
                                                    .map(RewriteClients::word)
                                                    .toList()));
                }
            }
        }
    }
}
