// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;
import org.postino.util.ByteNames;

/// Reads a cache from its beginning to its end, record by record.
final class MaildirCacheCheck {
    private final Path file;
    private final MaildirCheck.Evidence evidence;
    private final Set<String> known = new HashSet<>();
    private int records;
    private long at = MaildirCacheLayout.HEADER;

    MaildirCacheCheck(Path file, MaildirCheck.Evidence evidence) {
        this.file = file;
        this.evidence = evidence;
    }

    Finding look() throws IOException {
        var options = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        try (var channel = FileChannel.open(file, options);
                var in = new BufferedInputStream(Channels.newInputStream(channel), 65_536)) {
            byte[] start = in.readNBytes(MaildirCacheLayout.HEADER);
            if (start.length < MaildirCacheLayout.HEADER
                    || !MaildirCacheLayout.isCache(ByteBuffer.wrap(start))) {
                return damaged("it is no cache, or one of another version");
            }
            while (true) {
                byte[] head = in.readNBytes(MaildirCacheLayout.HEAD);
                if (head.length == 0) {
                    return whole();
                }
                if (!isRecord(head, in)) {
                    return damaged("the record at octet " + at + " is damaged or not whole");
                }
            }
        } catch (NoSuchFileException e) {
            return new Finding(MaildirCache.NAME, Finding.State.ABSENT, "");
        }
    }

    private static Finding damaged(String detail) {
        return new Finding(MaildirCache.NAME, Finding.State.DAMAGED, detail);
    }

    private Finding whole() {
        long messages = known.stream().filter(evidence::has).count();
        String detail = "records=" + records + " messages=" + messages;
        return new Finding(MaildirCache.NAME, Finding.State.OK, detail);
    }

    private boolean isRecord(byte[] head, InputStream in) throws IOException {
        if (head.length < MaildirCacheLayout.HEAD) {
            return false;
        }
        int length = MaildirCacheLayout.length(ByteBuffer.wrap(head));
        if (length < 0) {
            return false;
        }
        ByteBuffer record = ByteBuffer.allocate(length).put(head);
        byte[] rest = in.readNBytes(record.remaining());
        if (rest.length < record.remaining()) {
            return false;
        }
        record.put(rest).flip();
        int nameLength = MaildirCacheLayout.baseLength(record);
        ByteBuffer name = record.slice(MaildirCacheLayout.HEAD, nameLength);
        if (MaildirCacheLayout.parse(record, name, -1) == null) {
            return false;
        }
        byte[] base = new byte[nameLength];
        name.get(0, base);
        known.add(new String(base, ByteNames.ofPaths()));
        records++;
        at += length;
        return true;
    }
}
