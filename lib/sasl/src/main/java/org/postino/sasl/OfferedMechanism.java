// SPDX-License-Identifier: Apache-2.0

package org.postino.sasl;

import java.util.List;
import java.util.Set;

/// A mechanism that a server of the authentication protocol offers; it may be one that we do not know ourselves.
///
/// @param name in upper case
public record OfferedMechanism(String name, Set<SaslProperty> properties) {
    public OfferedMechanism {
        properties = Set.copyOf(properties);
    }

    /// Reads what a server says of a mechanism, and adds what we know of one of that name: a server that says too little
    /// makes no mechanism safer.
    ///
    /// @param words those of a `MECH` line after the name
    public static OfferedMechanism of(String name, List<String> words) {
        Set<SaslProperty> properties = SaslProperty.of(words);
        SaslMechanisms.find(name).ifPresent(known -> properties.addAll(known.properties()));
        return new OfferedMechanism(name, properties);
    }

    /// Tells whether it has a property.
    public boolean has(SaslProperty property) {
        return properties.contains(property);
    }
}
