// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/// Appends messages to mbox files as a delivery agent does.
public final class MboxDelivery {
    private final Clock clock;
    private final MboxLocking locking;

    public MboxDelivery(Clock clock, MboxLocking locking) {
        this.clock = clock;
        this.locking = locking;
    }

    /// The file that gets the message.
    ///
    /// @param owner the user it must belong to; null for whoever can write to it
    /// @param limit the largest size it may get, 0 for none
    public record Target(Path file, @Nullable Integer owner, long limit) {}

    /// The line that begins a message in an mbox, with its LF; some commands want it, too.
    public static String fromLine(String sender, Instant time) {
        return FromLine.print(sender, time, ZoneId.systemDefault());
    }

    /// Delivers a message; it is on the disk for good when this returns. If it fails the file is cut back to what it was.
    ///
    /// Called as the owner of the file, or as the owner with the group of the mail spool, on a platform thread. The file is made,
    /// for its owner alone, if it is missing; a link is not followed.
    ///
    /// @param sender the envelope sender, empty for the null sender
    /// @param header lines to put in front, ended by LF
    /// @param content header and body; lines may end in CRLF. Lines that begin with `From ` get a `>`, and the fields in which an
    ///     mbox keeps state (`Status`, `X-UID` and the like) are left out of the header
    /// @throws MailStoreException `OVER_QUOTA` if it would become larger, `IN_USE` if the lock is not to be had,
    ///     `NO_PERMISSION` if it is not the recipient's
    public void deliver(Target to, String sender, byte[] header, InputStream content)
            throws IOException {
        int owner = to.owner() == null ? MboxFile.ANYBODY : to.owner();
        try (var held = new MboxFile(to.file(), owner, true).take(locking, clock)) {
            FileChannel channel = held.channel();
            long before = channel.size();
            boolean done = false;
            try {
                append(channel, before, sender, header, content, to.limit());
                channel.force(true);
                done = true;
            } finally {
                if (!done) {
                    channel.truncate(before);
                }
            }
        }
    }

    private void append(
            FileChannel channel,
            long before,
            String sender,
            byte[] header,
            InputStream content,
            long limit)
            throws IOException {
        channel.position(before);
        byte[] start =
                (MboxFile.gap(channel)
                                + FromLine.print(sender, clock.instant(), ZoneId.systemDefault()))
                        .getBytes(StandardCharsets.UTF_8);
        LineEnds.writeFully(channel, start, start.length);
        long messageStart = channel.position();
        var whole =
                new SequenceInputStream(
                        new ByteArrayInputStream(header), new WithoutStateFields(content));
        LineEnds.copyToFile(new FromQuoting(whole), channel);
        String end = endsWithNewline(channel, messageStart) ? "\n" : "\n\n";
        LineEnds.writeFully(channel, end.getBytes(StandardCharsets.US_ASCII), end.length());
        if (limit > 0 && channel.position() > limit) {
            throw new MailStoreException(
                    MailStoreException.Problem.OVER_QUOTA, "mailbox size limit exceeded");
        }
    }

    private static boolean endsWithNewline(FileChannel channel, long start) throws IOException {
        ByteBuffer last = ByteBuffer.allocate(1);
        return channel.position() > start
                && channel.read(last, channel.position() - 1) == 1
                && last.get(0) == '\n';
    }

    /// Puts `>` before `From ` at the start of a line.
    private static final class FromQuoting extends ConvertedInput {
        private static final byte[] FROM = "From ".getBytes(StandardCharsets.US_ASCII);

        /// The number of bytes of `From ` that were seen at the start of a line, and held back; -1 inside a line.
        private int matched;

        FromQuoting(InputStream in) {
            super(in, 2, FROM.length);
        }

        @Override
        int convert(byte[] from, int length, byte[] to) {
            int limit = 0;
            for (int i = 0; i < length; i++) {
                byte b = from[i];
                if (matched >= 0) {
                    if (b == FROM[matched]) {
                        if (++matched < FROM.length) {
                            continue;
                        }
                        to[limit++] = '>';
                        limit = release(to, limit);
                        matched = -1;
                        continue;
                    }
                    limit = release(to, limit);
                }
                to[limit++] = b;
                matched = b == '\n' ? 0 : -1;
            }
            return limit;
        }

        /// Writes what was held back to `to` from `limit` on; returns the new limit.
        private int release(byte[] to, int limit) {
            int length = Math.max(matched, 0);
            System.arraycopy(FROM, 0, to, limit, length);
            matched = 0;
            return limit + length;
        }

        @Override
        int flush(byte[] to) {
            return release(to, 0);
        }
    }
}
