// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;

/// Puts messages into Maildirs as a delivery agent does; the next session gives them their UIDs. One per process.
public final class MaildirDelivery {
    private final Clock clock;
    private final MaildirUnique unique;
    private final Compression compression;

    public MaildirDelivery(Clock clock) {
        this(clock, Compression.NONE);
    }

    /// @param compression of what is delivered
    public MaildirDelivery(Clock clock, Compression compression) {
        this.clock = clock;
        this.compression = compression;
        this.unique = new MaildirUnique(clock);
    }

    /// Delivers a message; it is on the disk for good when this returns, and nothing stays behind if it throws.
    ///
    /// Called as the owner of the Maildir, on a platform thread, for it waits for the disk. Missing directories are made.
    ///
    /// @param header lines to put in front, ended by LF or CRLF
    /// @param content header and body; lines may end in CRLF and are stored with LF
    /// @return the file's name in `new`
    public String deliver(Path maildir, byte[] header, InputStream content) throws IOException {
        var directory = new MaildirDirectory(maildir, clock);
        try (var writer = writer(directory)) {
            writer.write(new SequenceInputStream(new ByteArrayInputStream(header), content));
            String name = writer.base();
            writer.place(directory.fresh.resolve(name));
            try {
                writer.force();
            } catch (IOException e) {
                writer.withdraw();
                throw e;
            }
            return name;
        }
    }

    private MaildirWriter writer(MaildirDirectory directory) throws IOException {
        try {
            return new MaildirWriter(directory, unique, compression);
        } catch (NoSuchFileException e) {
            directory.create();
            return new MaildirWriter(directory, unique, compression);
        }
    }
}
