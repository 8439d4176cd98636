// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

/// Counts the work of a session, for the line at its end. Confined to the session's thread.
final class SessionCounts {
    long deleted;
    long expunged;
    long headers;
    long headerBytes;
    long bodies;
    long bodyBytes;

    /// The words of the line.
    ///
    /// @param in octets from the client
    /// @param out octets to the client
    String summary(long in, long out) {
        return "in=%d out=%d deleted=%d expunged=%d trashed=0 hdr_count=%d hdr_bytes=%d body_count=%d body_bytes=%d"
                .formatted(in, out, deleted, expunged, headers, headerBytes, bodies, bodyBytes);
    }
}
