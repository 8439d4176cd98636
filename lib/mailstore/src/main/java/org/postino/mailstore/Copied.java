// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.util.List;

/// Where messages were copied (RFC 4315): `from.get(i)` became `to.get(i)`; messages expunged meanwhile are left out.
public record Copied(long uidValidity, List<Long> from, List<Long> to) {
    public Copied {
        from = List.copyOf(from);
        to = List.copyOf(to);
    }
}
