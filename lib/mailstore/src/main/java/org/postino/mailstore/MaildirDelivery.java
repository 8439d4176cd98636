// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Puts messages into Maildirs as a delivery agent does; the next session gives them their UIDs. One per process.
public final class MaildirDelivery {
    private static final Logger LOG = LoggerFactory.getLogger(MaildirDelivery.class);

    private final Clock clock;
    private final MaildirUnique unique;
    private final Compression compression;
    private final Digest digest;

    public MaildirDelivery(Clock clock) {
        this(clock, Compression.NONE, _ -> Cached.NOTHING);
    }

    /// @param compression of what is delivered
    /// @param digest of it, which goes into the cache of the mailbox
    public MaildirDelivery(Clock clock, Compression compression, Digest digest) {
        this.clock = clock;
        this.compression = compression;
        this.digest = digest;
        this.unique = new MaildirUnique(clock);
    }

    /// A Maildir, and the directory that its cache is in; null for none.
    public record Target(Path maildir, @Nullable Path cache) {
        /// A Maildir without a cache.
        public Target(Path maildir) {
            this(maildir, null);
        }
    }

    /// Delivers a message; it is on the disk for good when this returns, and nothing stays behind if it throws.
    ///
    /// Called as the owner of the Maildir, on a platform thread, for it waits for the disk. Missing directories are made.
    ///
    /// @param header lines to put in front, ended by LF or CRLF
    /// @param content header and body; lines may end in CRLF and are stored with LF
    /// @return the file's name in `new`
    public String deliver(Target target, byte[] header, InputStream content) throws IOException {
        var directory = new MaildirDirectory(target.maildir, clock);
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
            if (target.cache != null) {
                remember(target.cache, writer);
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

    /// Leaves for the readers of a delivered message what they will ask. Without it they only take longer, so that no fault of it is one of the
    /// delivery.
    private void remember(Path cache, MaildirWriter writer) {
        try (var message = writer.written()) {
            Cached known = digest.of(message);
            MaildirCache.leave(cache, writer.base(), writer.sizes().virtual(), known);
        } catch (IOException e) {
            LOG.warn("{}: no record of what was delivered: {}", cache, e.toString());
        }
    }
}
