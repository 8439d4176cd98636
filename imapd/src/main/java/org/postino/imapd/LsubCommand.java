// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.postino.imap.ImapLexer;
import org.postino.imap.ImapSyntaxException;

/// LSUB (RFC 3501, 6.3.9).
final class LsubCommand {
    private static final Tagged DONE = Tagged.ok("Lsub completed.");

    private LsubCommand() {}

    static Tagged run(ImapSession session, ImapLexer args) throws IOException, ImapSyntaxException {
        var reference = args.sp().listPattern();
        var text = args.sp().listPattern();
        args.end();
        if (reference == null || text == null) {
            return DONE;
        }
        char separator = session.store().separator();
        var pattern = new ListPattern(reference + text, separator);
        var lines = new TreeMap<String, List<String>>();
        for (var name : session.store().subscriptions()) {
            if (pattern.matches(name)) {
                lines.put(name, List.of());
            } else if (text.endsWith("%")) {
                // a % that ends above a subscribed name shows the level, which itself is not
                // subscribed
                for (var parent : new ArrayList<>(ListPattern.parents(name, separator))) {
                    if (pattern.matches(parent)) {
                        lines.putIfAbsent(parent, List.of("\\Noselect"));
                    }
                }
            }
        }
        for (var line : lines.entrySet()) {
            session.send(
                    new Untagged.ListLine(
                            true, line.getValue(), separator, line.getKey(), false, null));
        }
        return DONE;
    }
}
