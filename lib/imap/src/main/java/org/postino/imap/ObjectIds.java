// SPDX-License-Identifier: Apache-2.0

package org.postino.imap;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import org.postino.message.HeaderBlock;

/// The identifiers of RFC 8474: a letter that says of what, and hexadecimal digits.
public final class ObjectIds {
    private static final int OCTETS = 20;

    private ObjectIds() {}

    /// MAILBOXID.
    ///
    /// @param identity as the store knows the mailbox
    public static String ofMailbox(String identity) {
        return "F" + identity;
    }

    /// EMAILID: the same for messages of the same content and internal date, as copies have them.
    ///
    /// @param content read to its end
    public static String ofMessage(Instant date, InputStream content) throws IOException {
        var sha256 = sha256();
        sha256.update(seconds(date));
        byte[] buffer = new byte[1 << 13];
        for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
            sha256.update(buffer, 0, n);
        }
        return print('M', sha256);
    }

    private static byte[] seconds(Instant date) {
        return (date.getEpochSecond() + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    /// THREADID: of the first message of the thread, as far as the message itself names it; nothing if it names none, nor itself.
    public static Optional<String> ofThread(HeaderBlock header) {
        for (String field : ThreadAlgorithm.IDENTIFIERS) {
            var ids = ThreadAlgorithm.ids(header, field);
            if (!ids.isEmpty()) {
                var sha256 = sha256();
                sha256.update(ids.getFirst().getBytes(StandardCharsets.UTF_8));
                return Optional.of(print('T', sha256));
            }
        }
        return Optional.empty();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("each Java has SHA-256", e);
        }
    }

    private static String print(char kind, MessageDigest digest) {
        return kind + HexFormat.of().formatHex(digest.digest(), 0, OCTETS);
    }
}
