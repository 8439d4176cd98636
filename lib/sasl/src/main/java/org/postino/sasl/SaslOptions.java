// SPDX-License-Identifier: Apache-2.0

package org.postino.sasl;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// The choice of mechanisms that a parameter such as `smtpd_sasl_security_options` allows.
public final class SaslOptions {
    private final Set<SaslProperty> forbidden = EnumSet.noneOf(SaslProperty.class);
    private final Set<SaslProperty> required = EnumSet.noneOf(SaslProperty.class);

    private SaslOptions() {}

    /// Reads the words of a parameter, in upper or lower case. Unknown words are ignored.
    public static SaslOptions of(List<String> words) {
        var options = new SaslOptions();
        for (String word : words) {
            switch (word.toLowerCase(Locale.ROOT)) {
                case "noplaintext" -> options.forbidden.add(SaslProperty.PLAINTEXT);
                case "nodictionary" -> options.forbidden.add(SaslProperty.DICTIONARY);
                case "noactive" -> options.forbidden.add(SaslProperty.ACTIVE);
                case "noanonymous" -> options.forbidden.add(SaslProperty.ANONYMOUS);
                case "forward_secrecy" -> options.required.add(SaslProperty.FORWARD_SECRECY);
                case "mutual_auth" -> options.required.add(SaslProperty.MUTUAL_AUTH);
                default -> {}
            }
        }
        return options;
    }

    /// True if a mechanism with these properties may be used.
    public boolean allow(Set<SaslProperty> properties) {
        if (!properties.containsAll(required)) {
            return false;
        }
        for (SaslProperty property : forbidden) {
            if (properties.contains(property)) {
                return false;
            }
        }
        return true;
    }
}
