// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postino.imap.ImapLexer;
import org.postino.imap.ImapSyntaxException;
import org.postino.mailstore.MailStoreException;

/// SETMETADATA (RFC 5464, 4.3): all of its entries are set, or none.
final class SetMetadataCommand {
    private SetMetadataCommand() {}

    static Tagged run(ImapSession session, ImapLexer args) throws IOException, ImapSyntaxException {
        var name = args.sp().mailbox();
        var entries = new LinkedHashMap<String, Optional<byte[]>>();
        args.sp().open();
        do {
            if (entries.size() == Metadata.MAX_ENTRIES) {
                return Tagged.no(ResponseCode.METADATA_TOOMANY, "Too many entries.");
            }
            var entry = Metadata.entry(args);
            entries.put(entry, args.sp().nstringOrLiteral8());
        } while (args.next());
        args.close().end();
        for (var value : entries.values()) {
            if (value.isPresent() && value.get().length > Metadata.MAX_VALUE) {
                return Tagged.no(
                        ResponseCode.metadataMaxSize(Metadata.MAX_VALUE), "Value too large.");
            }
        }
        var use = entries.get(Metadata.SPECIAL_USE);
        if (use != null && use.isPresent() && !isSpecialUse(name, use.get())) {
            return CreateCommand.NO_SUCH_USE;
        }
        return annotate(session, name, entries);
    }

    private static boolean isSpecialUse(String name, byte[] value) {
        var text = new String(value, StandardCharsets.ISO_8859_1);
        return !name.isEmpty() && SpecialUse.ATTRIBUTES.containsAll(SpecialUse.split(text));
    }

    private static Tagged annotate(
            ImapSession session, String name, Map<String, Optional<byte[]>> entries)
            throws IOException {
        try {
            session.store().annotate(name, entries);
            session.awaited().own(List.of(name));
        } catch (MailStoreException e) {
            if (e.problem() == MailStoreException.Problem.LIMIT) {
                return Tagged.no(ResponseCode.METADATA_TOOMANY, "Too many annotations.");
            }
            throw e;
        }
        return Tagged.ok("Setmetadata completed.");
    }
}
