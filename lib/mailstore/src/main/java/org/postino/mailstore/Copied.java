// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.util.List;

/// The UIDs of messages and of their copies (RFC 4315): `from.get(i)` became `to.get(i)`; messages expunged meanwhile are left
/// out.
public record Copied(long uidValidity, List<Long> from, List<Long> to) {
    public Copied {
        from = List.copyOf(from);
        to = List.copyOf(to);
    }
}
