// SPDX-License-Identifier: Apache-2.0

package org.postino.sasl;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The mechanisms that we know: a row for each, the one that shows least of a password first.
public final class SaslMechanisms {
    /// All of them, in the order in which smtp(8) prefers them.
    public static final List<SaslMechanism> ALL =
            List.of(
                    new CramMd5Mechanism(),
                    new PlainMechanism(),
                    new LoginMechanism(),
                    new ApopMechanism());

    private SaslMechanisms() {}

    /// Finds a mechanism by its name, in upper or lower case.
    public static Optional<SaslMechanism> find(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        for (SaslMechanism mechanism : ALL) {
            if (mechanism.name().equals(upper)) {
                return Optional.of(mechanism);
            }
        }
        return Optional.empty();
    }

    /// Finds a mechanism that auth(8) can offer.
    public static Optional<SaslMechanism> findServed(String name) {
        return find(name).filter(mechanism -> mechanism.server().isPresent());
    }

    /// Lists the names that `auth_mechanisms` may have, as they are written there: `plain, login`.
    public static String servedNames() {
        var names = new ArrayList<String>();
        for (SaslMechanism mechanism : ALL) {
            if (mechanism.server().isPresent()) {
                names.add(mechanism.name().toLowerCase(Locale.ROOT));
            }
        }
        return String.join(", ", names);
    }

    /// Tells whether a mechanism that we know is not announced to clients, and not for them to ask for.
    public static boolean isPrivate(String name) {
        return find(name).map(m -> m.properties().contains(SaslProperty.PRIVATE)).orElse(false);
    }

    /// Tells whether a mechanism that we know shows a password to whoever reads the connection.
    public static boolean isPlaintext(String name) {
        return find(name).map(m -> m.properties().contains(SaslProperty.PLAINTEXT)).orElse(false);
    }
}
