// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

/// The mode in which messages are named by UID alone (RFC 9586).
final class UidOnly {
    private UidOnly() {}

    /// A message number where there is none any more (RFC 9586, 3.1).
    static ImapSyntaxException wrong() {
        return new ImapSyntaxException(
                ResponseCode.UIDREQUIRED, "Message numbers are not allowed with UIDONLY");
    }
}
