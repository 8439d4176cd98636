// SPDX-License-Identifier: Apache-2.0

package org.postino.message;

import java.util.Optional;
import org.postino.message.AddressTokens.Token;

/// The name of an alias as people write it: a local part, with quotes or without.
public final class LocalName {
    private LocalName() {}

    /// The name in internal form: without quotes and comments, words with one blank between. Empty text has no name.
    ///
    /// @return empty if it has a domain: an `@` that no quotes hold
    public static Optional<String> parse(String text) {
        var name = new StringBuilder();
        boolean afterWord = false;
        for (Token t : new AddressTokens(text).all()) {
            if (t.is('@')) {
                return Optional.empty();
            }
            if (afterWord && t.isWord()) {
                name.append(' ');
            }
            name.append(t.value());
            afterWord = t.isWord();
        }
        return Optional.of(name.toString());
    }
}
