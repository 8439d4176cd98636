// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

/// Sees the content of a message on its way to cleanup: its lines with their CRLF, without dots, in any pieces.
@FunctionalInterface
interface ContentListener {
    /// Takes a piece. A listener keeps its troubles, and its opinion, until it is asked at `END_OF_HEADER` or `END_OF_MESSAGE`.
    ///
    /// @param bytes valid during the call only
    void content(byte[] bytes, int from, int length);
}
