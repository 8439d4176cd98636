// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

/// The extensions that change what a client is told, and that it therefore asks for (RFC 5161).
enum Extension {
    /// MODSEQ is told with every change of flags (RFC 7162, 3.1).
    CONDSTORE,
    /// VANISHED is told in place of EXPUNGE (RFC 7162, 3.2).
    QRESYNC
}
