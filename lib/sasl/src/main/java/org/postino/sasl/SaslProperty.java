// SPDX-License-Identifier: Apache-2.0

package org.postino.sasl;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// What an exchange shows to others or proves, in the words of Dovecot's authentication protocol.
public enum SaslProperty {
    /// Whoever reads the connection reads the password.
    PLAINTEXT("plaintext"),
    /// Whoever reads the connection can try passwords on what was said.
    DICTIONARY("dictionary"),
    /// Whoever stands between the two can pass for one of them.
    ACTIVE("active"),
    /// The client names nobody.
    ANONYMOUS("anonymous"),
    /// A key that becomes known later opens nothing that was said before.
    FORWARD_SECRECY("forward-secrecy"),
    /// The server proves that it knows the password, too.
    MUTUAL_AUTH("mutual-auth"),
    /// The suite's own, announced to nobody.
    PRIVATE("private");

    private final String word;

    SaslProperty(String word) {
        this.word = word;
    }

    /// Returns the word that a `MECH` line has for it.
    public String word() {
        return word;
    }

    /// Reads the words of a `MECH` line; those of a later version are passed over.
    static Set<SaslProperty> of(List<String> words) {
        var properties = EnumSet.noneOf(SaslProperty.class);
        for (SaslProperty property : values()) {
            if (words.contains(property.word)) {
                properties.add(property);
            }
        }
        return properties;
    }
}
