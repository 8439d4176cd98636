// SPDX-License-Identifier: Apache-2.0

package org.postino.imap;

/// The extensions that change what a client is told, and that it therefore asks for (RFC 5161).
public enum Extension {
    /// MODSEQ is told with every change of flags (RFC 7162, 3.1).
    CONDSTORE("CONDSTORE"),
    /// The second revision of the protocol (RFC 9051).
    IMAP4REV2("IMAP4rev2"),
    /// VANISHED is told in place of EXPUNGE (RFC 7162, 3.2).
    QRESYNC("QRESYNC"),
    /// Messages have no numbers but their UIDs (RFC 9586).
    UIDONLY("UIDONLY"),
    /// Names and messages may be UTF-8 (RFC 6855).
    UTF8_ACCEPT("UTF8=ACCEPT");

    private final String word;

    Extension(String word) {
        this.word = word;
    }

    /// The name by which it is enabled.
    String word() {
        return word;
    }
}
