// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import org.jspecify.annotations.Nullable;

/// An address as ENVELOPE shows it (RFC 3501, 7.4.2); groups are marked by addresses without host.
record Address(
        @Nullable String name,
        @Nullable String route,
        @Nullable String mailbox,
        @Nullable String host) {
    static Address groupStart(String name) {
        return new Address(null, null, name, null);
    }

    static final Address GROUP_END = new Address(null, null, null, null);
}
