// SPDX-License-Identifier: Apache-2.0

package org.postino.pop3d;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;

/// APOP (RFC 1939, 7) in one session: its timestamp, and what auth(8) is asked.
///
/// @param timestamp in angle brackets; no session has that of another
record Apop(String timestamp) {
    /// The name by which auth(8) knows it.
    static final String MECHANISM = "APOP";

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int DIGEST = 16;

    /// Makes a timestamp; empty without a host, for then there is no APOP.
    static Optional<Apop> of(String host) {
        if (host.isEmpty()) {
            return Optional.empty();
        }
        byte[] unique = new byte[16];
        RANDOM.nextBytes(unique);
        return Optional.of(new Apop("<" + HexFormat.of().formatHex(unique) + "@" + host + ">"));
    }

    /// Makes the response for auth(8); empty if the name or the digest cannot be one.
    Optional<byte[]> response(String user, String digest) {
        if (user.isEmpty() || user.indexOf('\0') >= 0 || digest.length() != 2 * DIGEST) {
            return Optional.empty();
        }
        byte[] octets;
        try {
            octets = HexFormat.of().parseHex(digest.toLowerCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        byte[] start = (timestamp + "\0" + user + "\0").getBytes(StandardCharsets.UTF_8);
        byte[] response = Arrays.copyOf(start, start.length + DIGEST);
        System.arraycopy(octets, 0, response, start.length, DIGEST);
        return Optional.of(response);
    }
}
