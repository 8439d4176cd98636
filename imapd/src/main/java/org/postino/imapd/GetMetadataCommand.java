// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.postino.imap.ImapLexer;
import org.postino.imap.ImapSyntaxException;
import org.postino.mailstore.NoSuchMailboxException;

/// GETMETADATA (RFC 5464, 4.2).
final class GetMetadataCommand {
    /// @param maxSize octets of a value that is told
    /// @param depth levels below the named entries
    private record Options(long maxSize, int depth) {}

    private GetMetadataCommand() {}

    static Tagged run(ImapSession session, ImapLexer args) throws IOException, ImapSyntaxException {
        args.sp();
        var options = new Options(Long.MAX_VALUE, 0);
        if (args.peek() == '(') {
            options = options(args);
            args.sp();
        }
        var name = args.mailbox();
        var names = Metadata.entries(args.sp());
        args.end();
        if (!name.isEmpty() && !session.store().exists(name)) {
            throw new NoSuchMailboxException(name);
        }
        Map<String, byte[]> own = session.store().annotations().get(name);
        var told = new LinkedHashMap<String, Optional<byte[]>>();
        long longest = 0;
        for (var entry :
                Metadata.select(own == null ? Map.of() : own, names, options.depth).entrySet()) {
            long size = entry.getValue().map(v -> (long) v.length).orElse(0L);
            if (size <= options.maxSize) {
                told.put(entry.getKey(), entry.getValue());
            } else {
                longest = Math.max(longest, size);
            }
        }
        if (!told.isEmpty()) {
            session.send(new Untagged.Metadata(name, told));
        }
        return longest == 0
                ? Tagged.ok("Getmetadata completed.")
                : Tagged.ok(ResponseCode.longEntries(longest), "Getmetadata completed.");
    }

    private static Options options(ImapLexer args) throws ImapSyntaxException {
        long maxSize = Long.MAX_VALUE;
        int depth = 0;
        args.open();
        do {
            switch (args.keyword()) {
                case "MAXSIZE" -> maxSize = args.sp().number();
                case "DEPTH" -> depth = depth(args.sp());
                default -> throw new ImapSyntaxException("Unknown option");
            }
        } while (args.next());
        args.close();
        return new Options(maxSize, depth);
    }

    private static int depth(ImapLexer args) throws ImapSyntaxException {
        return switch (args.keyword()) {
            case "0" -> 0;
            case "1" -> 1;
            case "INFINITY" -> Integer.MAX_VALUE;
            default -> throw new ImapSyntaxException("Invalid depth");
        };
    }
}
