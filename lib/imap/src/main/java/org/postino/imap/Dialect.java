// SPDX-License-Identifier: Apache-2.0

package org.postino.imap;

/// The forms that depend on the version of the protocol that a client has enabled.
///
/// @param utf8Names names of mailboxes are UTF-8, else modified UTF-7 (RFC 9051, 5.1; RFC 6855, 3)
/// @param recent the client knows `\Recent`, which IMAP4rev2 has no more (RFC 9051, appendix E)
/// @param uidOnly UIDFETCH is told in place of FETCH (RFC 9586, 3.3)
public record Dialect(boolean utf8Names, boolean recent, boolean uidOnly) {
    /// Of a client that has enabled nothing.
    static final Dialect REV1 = new Dialect(false, true, false);
}
