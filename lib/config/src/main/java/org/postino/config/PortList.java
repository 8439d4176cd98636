// SPDX-License-Identifier: Apache-2.0

package org.postino.config;

import java.util.Set;

/// TCP ports that a parameter lists.
///
/// @param any whether all are meant, by the word `any`
/// @param only those that are listed
public record PortList(boolean any, Set<Integer> only) {
    public PortList {
        only = Set.copyOf(only);
    }

    public boolean isEmpty() {
        return !any && only.isEmpty();
    }
}
