// SPDX-License-Identifier: Apache-2.0

package org.postino.smtp;

import org.jspecify.annotations.Nullable;

/// The reason for which a delivery ended as it did: log lines, `defer` files and notifications repeat it (RFC 3464).
///
/// @param status the enhanced status
/// @param reason one line of text for people, already free of control characters
/// @param remote the name of the remote MTA that said it, if one did
/// @param diagnostic the remote MTA's own words, `550 5.1.1 ...`, if it said them
public record Dsn(
        EnhancedStatus status,
        String reason,
        @Nullable String remote,
        @Nullable String diagnostic) {

    /// A reason of our own: `Dsn.of("5.1.1", "unknown user: \"bob\"")`.
    public static Dsn of(String status, String reason) {
        return new Dsn(
                EnhancedStatus.parse(status)
                        .orElseThrow(() -> new IllegalArgumentException(status)),
                reason,
                null,
                null);
    }
}
