// SPDX-License-Identifier: Apache-2.0

package org.postino.sasl;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// A property of a mechanism, in the words of Dovecot's authentication protocol: a weakness, or a thing that it proves.
public enum SaslProperty {
    /// An eavesdropper reads the password.
    PLAINTEXT("plaintext"),
    /// An eavesdropper can try passwords offline on what was said.
    DICTIONARY("dictionary"),
    /// An attacker between client and server can pose as one of them.
    ACTIVE("active"),
    /// The client names nobody.
    ANONYMOUS("anonymous"),
    /// A key that becomes known later does not decrypt earlier sessions.
    FORWARD_SECRECY("forward-secrecy"),
    /// The server, too, proves that it knows the password.
    MUTUAL_AUTH("mutual-auth"),
    /// The mechanism is not announced to clients.
    PRIVATE("private");

    private final String word;

    SaslProperty(String word) {
        this.word = word;
    }

    /// Returns the word that a `MECH` line has for it.
    public String word() {
        return word;
    }

    /// Reads the words of a `MECH` line. Unknown words, from a later version say, are ignored.
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
