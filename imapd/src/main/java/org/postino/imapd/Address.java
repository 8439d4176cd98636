// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import org.jspecify.annotations.Nullable;

/// An address as ENVELOPE shows it (RFC 3501, 7.4.2); groups are marked by addresses without host.
record Address(
        @Nullable String name,
        @Nullable String route,
        @Nullable String mailbox,
        @Nullable String host) {
    /// Stands for what an address lacks, as Dovecot's clients know it.
    static final String NO_MAILBOX = "MISSING_MAILBOX";

    static final String NO_DOMAIN = "MISSING_DOMAIN";
    static final String NO_SYNTAX = "SYNTAX_ERROR";

    static final Address GROUP_END = new Address(null, null, null, null);

    /// A name of nothing is none.
    Address {
        name = name == null || name.isEmpty() ? null : name;
    }

    static Address groupStart(String name) {
        return new Address(null, null, name, null);
    }

    /// `name <mailbox@host>`, of which there is what there is, nothing quoted or decoded; `name:` for the beginning of a group.
    String text() {
        var text = new StringBuilder(name == null ? "" : name);
        if (host == null) {
            return mailbox == null ? "" : mailbox + ":";
        }
        text.append(" <");
        if (mailbox != null && !mailbox.equals(NO_MAILBOX)) {
            text.append(mailbox);
        }
        if (!host.equals(NO_DOMAIN) && !host.equals(NO_SYNTAX)) {
            text.append('@').append(host);
        }
        return text.append('>').toString();
    }
}
