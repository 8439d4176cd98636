// SPDX-License-Identifier: Apache-2.0

package org.postino.pop3d;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The languages of replies (RFC 6856, 3): English alone, which is the default too.
final class Language {
    /// The lines of LANG: tag, name in English.
    static final List<String> LISTED = List.of("en English", "i-default Default language");

    private Language() {}

    /// Returns the tag of the language that a client asks for, as it is answered; empty if there is no such language. Asking for
    /// English of a country brings English.
    static Optional<String> of(String wanted) {
        String tag = wanted.toLowerCase(Locale.ROOT);
        if (tag.equals("*") || tag.equals("i-default")) {
            return Optional.of("i-default");
        }
        return tag.equals("en") || tag.startsWith("en-") ? Optional.of("en") : Optional.empty();
    }
}
