// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postino.imap.ImapLexer;
import org.postino.imap.ImapSyntaxException;

/// CREATE (RFC 3501, 6.3.3), with the special use that the mailbox is to have (RFC 6154, 3).
final class CreateCommand {
    static final Tagged NO_SUCH_USE =
            Tagged.no(ResponseCode.USEATTR, "No mailbox can have this special use.");

    private CreateCommand() {}

    static Tagged run(ImapSession session, ImapLexer args) throws IOException, ImapSyntaxException {
        var name = args.sp().mailbox();
        var uses = args.next() ? uses(args) : List.<String>of();
        args.end();
        if (!SpecialUse.ATTRIBUTES.containsAll(uses)) {
            return NO_SUCH_USE;
        }
        session.store().create(name);
        var made = withoutSeparator(name, session.store().separator());
        if (!uses.isEmpty()) {
            byte[] value = String.join(" ", uses).getBytes(StandardCharsets.ISO_8859_1);
            session.store().annotate(made, Map.of(Metadata.SPECIAL_USE, Optional.of(value)));
        }
        session.awaited().own(List.of(made));
        OldName.announce(session, args.names(), name, List.of());
        return session.store().exists(made)
                ? Tagged.ok(
                        ResponseCode.mailboxId(session.store().identity(made)), "Create completed.")
                : Tagged.ok("Create completed.");
    }

    /// A separator at the end says that there will be others below (RFC 3501, 6.3.3).
    private static String withoutSeparator(String name, char separator) {
        return name.endsWith(String.valueOf(separator))
                ? name.substring(0, name.length() - 1)
                : name;
    }

    /// `(USE (\Sent))`.
    private static List<String> uses(ImapLexer args) throws ImapSyntaxException {
        args.open();
        if (!args.acceptWord("USE")) {
            throw new ImapSyntaxException("Unknown CREATE parameter");
        }
        var uses = new ArrayList<String>();
        for (var use : args.sp().flagList()) {
            uses.addAll(SpecialUse.split(use));
        }
        args.close();
        return uses;
    }
}
