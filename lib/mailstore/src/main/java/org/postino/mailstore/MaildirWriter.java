// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A message on its way into a Maildir: written to `tmp`, then renamed. Closing removes what was not put in place.
final class MaildirWriter implements Closeable {
    private final MaildirDirectory directory;
    private final StoreOwner owner;
    private final String name;
    private @Nullable Path temporary;
    private @Nullable FileChannel channel;
    private LineEnds.Sizes sizes = new LineEnds.Sizes(0, 0);
    private long date = MaildirMessage.UNKNOWN;

    MaildirWriter(MaildirDirectory directory, StoreOwner owner, MaildirUnique unique) {
        this.directory = directory;
        this.owner = owner;
        this.name = unique.next();
    }

    /// Opens the temporary file as the owner.
    FileChannel open() throws IOException {
        Path path = directory.tmp.resolve(name);
        FileChannel opened =
                owner.call(() ->
                        FileChannel.open(
                                path,
                                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                                Private.NEW_FILE));
        temporary = path;
        channel = opened;
        return opened;
    }

    /// Reads the content to its end (on the caller's thread) and writes it with LF line ends.
    void write(InputStream content, @Nullable Instant internalDate) throws IOException {
        FileChannel out = open();
        sizes = LineEnds.copyToFile(content, out);
        if (internalDate != null) {
            date = internalDate.getEpochSecond();
            owner.call(() ->
                    Files.setLastModifiedTime(
                            directory.tmp.resolve(name), FileTime.from(internalDate)));
        }
    }

    void sizes(LineEnds.Sizes written) {
        sizes = written;
    }

    LineEnds.Sizes sizes() {
        return sizes;
    }

    /// The date given, or -1.
    long date() {
        return date;
    }

    /// The name the message will have for ever.
    String base() {
        return MaildirName.withSizes(name, sizes.physical(), sizes.virtual());
    }

    /// Renames into place. As the owner.
    void place(Path target) throws IOException {
        MaildirDirectory.rename(directory.tmp.resolve(name), target);
        temporary = null;
    }

    /// Puts content and name on the disk; last, as the rename would otherwise not be safe.
    void force() throws IOException {
        if (channel != null) {
            channel.force(true);
        }
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
            channel = null;
        }
        Path left = temporary;
        if (left != null) {
            temporary = null;
            owner.call(() -> Files.deleteIfExists(left));
        }
    }
}
