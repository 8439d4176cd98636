// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;

/// New UIDVALIDITY values that no mailbox of a store ever had: the time, or one more than the last, kept as Dovecot does in the
/// name of the empty file `dovecot-uidvalidity.<8 hex digits>` and as the text of `dovecot-uidvalidity`.
final class UidValidity {
    private static final String NAME = "dovecot-uidvalidity";

    private final Path root;
    private final Clock clock;

    UidValidity(Path root, Clock clock) {
        this.root = root;
        this.clock = clock;
    }

    /// The next value. A store where it cannot be kept gets the time.
    long next() {
        long now = clock.instant().getEpochSecond();
        try {
            for (int attempt = 0; attempt < 10; attempt++) {
                long last = last();
                long next = Math.max(now, last + 1);
                if (advance(last, next)) {
                    return next;
                }
            }
        } catch (IOException e) {
            return now;
        }
        return now;
    }

    private long last() throws IOException {
        long last = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(root, NAME + ".????????")) {
            for (Path file : files) {
                String name = String.valueOf(file.getFileName());
                try {
                    last =
                            Math.max(
                                    last,
                                    Long.parseLong(name, NAME.length() + 1, name.length(), 16));
                } catch (NumberFormatException e) {
                    // Some other file.
                }
            }
        }
        return last;
    }

    private Path marker(long value) {
        String hex = Long.toHexString(value);
        return root.resolve(NAME + "." + "00000000".substring(Math.min(8, hex.length())) + hex);
    }

    private boolean advance(long last, long next) throws IOException {
        try {
            if (last == 0) {
                Files.createFile(
                        marker(next),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("r--r--r--")));
            } else {
                MaildirDirectory.rename(marker(last), marker(next));
            }
        } catch (NoSuchFileException | FileAlreadyExistsException e) {
            return false;
        }
        String hex = String.valueOf(marker(next).getFileName());
        Files.writeString(root.resolve(NAME), hex.substring(NAME.length() + 1));
        return true;
    }
}
