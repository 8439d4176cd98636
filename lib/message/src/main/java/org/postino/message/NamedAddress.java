// SPDX-License-Identifier: Apache-2.0

package org.postino.message;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// An address with all that its writer gave it (RFC 5322, 3.4), as ENVELOPE of IMAP shows it (RFC 3501, 7.4.2). Groups are marked by
/// addresses without domain, before and behind their members. Nothing is decoded.
///
/// @param name the display name, or the comment that stands for one
/// @param route the obsolete source route
public record NamedAddress(
        @Nullable String name,
        @Nullable String route,
        @Nullable String localPart,
        @Nullable String domain) {
    /// Stands for what an address lacks, as Dovecot's clients know it.
    public static final String NO_LOCAL_PART = "MISSING_MAILBOX";

    public static final String NO_DOMAIN = "MISSING_DOMAIN";
    public static final String NO_SYNTAX = "SYNTAX_ERROR";

    static final NamedAddress GROUP_END = new NamedAddress(null, null, null, null);

    /// A name of nothing is none.
    public NamedAddress {
        name = name == null || name.isEmpty() ? null : name;
    }

    static NamedAddress groupStart(String name) {
        return new NamedAddress(null, null, name, null);
    }

    /// Reads the value of From, To and their like, at most 10,000 addresses.
    ///
    /// What lacks a local part or a domain has [#NO_LOCAL_PART] and [#NO_DOMAIN]; no address is made of two words, for nobody could be
    /// meant by it. Whom such a field reaches, [AddressList] says.
    public static List<NamedAddress> parse(String value) {
        return new NamedAddressParser(value).list();
    }

    /// `name <local@domain>`, of which there is what there is, nothing quoted or decoded; `name:` for the beginning of a group.
    public String text() {
        var text = new StringBuilder(name == null ? "" : name);
        if (domain == null) {
            return localPart == null ? "" : localPart + ":";
        }
        text.append(" <");
        if (localPart != null && !localPart.equals(NO_LOCAL_PART)) {
            text.append(localPart);
        }
        if (!domain.equals(NO_DOMAIN) && !domain.equals(NO_SYNTAX)) {
            text.append('@').append(domain);
        }
        return text.append('>').toString();
    }
}
