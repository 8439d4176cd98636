// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

/// What a session did, for the line at its end. Confined to the session's thread.
final class SessionCounts {
    long deleted;
    long expunged;
    long headers;
    long headerBytes;
    long bodies;
    long bodyBytes;
}
