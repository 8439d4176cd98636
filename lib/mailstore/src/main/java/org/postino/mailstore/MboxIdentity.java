// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;

/// The identity of an mbox ([Folder#identity]), for which the file has no place: it stands in a small file of our own, with the
/// UIDVALIDITY for which it was made.
final class MboxIdentity {
    private final Path file;

    MboxIdentity(Path state) {
        this.file = state.resolve("postino.identity");
    }

    /// The identity that was given; nothing if none was, or at another UIDVALIDITY.
    Optional<String> read(long uidValidity) throws IOException {
        try {
            var text = new String(Private.read(file), StandardCharsets.US_ASCII).strip();
            return text.matches("[0-9a-f]{40,64}") && text.startsWith(suffix(uidValidity), 32)
                    ? Optional.of(text)
                    : Optional.empty();
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    /// Gives a new one; under the lock of the mbox.
    String give(long uidValidity) throws IOException {
        String identity = UidList.newGuid() + suffix(uidValidity);
        Path parent = file.getParent();
        if (parent != null) {
            Private.directories(parent);
        }
        Private.replace(file, identity + "\n");
        return identity;
    }

    private static String suffix(long uidValidity) {
        return HexFormat.of().toHexDigits(uidValidity, 8);
    }
}
