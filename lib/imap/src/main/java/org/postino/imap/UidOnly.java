// SPDX-License-Identifier: Apache-2.0

package org.postino.imap;

/// The mode in which messages are named by UID alone (RFC 9586).
public final class UidOnly {
    private UidOnly() {}

    /// A message number where there is none any more (RFC 9586, 3.1).
    public static ImapSyntaxException wrong() {
        return new ImapSyntaxException(
                "Message numbers are not allowed with UIDONLY", "UIDREQUIRED");
    }
}
