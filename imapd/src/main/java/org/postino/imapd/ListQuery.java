// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postino.imap.ImapLexer;
import org.postino.imap.ImapSyntaxException;

/// The arguments of LIST (RFC 3501, 6.3.8; RFC 5258; RFC 5819; RFC 6154).
///
/// @param extended the client used the extended syntax
/// @param metadata entries of `RETURN (METADATA (...))` (RFC 9590)
/// @param status items of `RETURN (STATUS (...))`, null without
record ListQuery(
        boolean extended,
        Set<Select> select,
        String reference,
        List<String> patterns,
        Set<Return> returns,
        @Nullable Set<StatusCommand.Item> status,
        List<String> metadata) {
    enum Select {
        SUBSCRIBED,
        REMOTE,
        RECURSIVEMATCH,
        SPECIAL_USE
    }

    enum Return {
        SUBSCRIBED,
        CHILDREN,
        SPECIAL_USE
    }

    private static final int MAX_PATTERNS = 100;

    static ListQuery parse(ImapLexer args) throws IOException, ImapSyntaxException {
        args.sp();
        boolean extended = false;
        Set<Select> select = EnumSet.noneOf(Select.class);
        if (args.peek() == '(') {
            extended = true;
            select(args, select);
            args.sp();
        }
        var reference = args.listPattern();
        args.sp();
        var patterns = new ArrayList<String>();
        if (args.peek() == '(') {
            args.open();
            extended = true;
            do {
                pattern(args, patterns);
            } while (args.next() && patterns.size() < MAX_PATTERNS);
            args.close();
        } else {
            pattern(args, patterns);
        }
        if (reference == null) {
            // no name begins like that; an empty pattern only asks for the separator
            patterns.removeIf(p -> !p.isEmpty());
            reference = "";
        }
        Set<Return> returns = EnumSet.noneOf(Return.class);
        Set<StatusCommand.Item> status = null;
        var metadata = new ArrayList<String>();
        if (args.next()) {
            extended = true;
            if (!args.acceptWord("RETURN")) {
                throw new ImapSyntaxException("Unexpected arguments");
            }
            status = returns(args.sp(), returns, metadata);
        }
        args.end();
        return new ListQuery(extended, select, reference, patterns, returns, status, metadata);
    }

    private static void pattern(ImapLexer args, List<String> patterns)
            throws IOException, ImapSyntaxException {
        var pattern = args.listPattern();
        if (pattern != null) {
            patterns.add(pattern);
        }
    }

    private static void select(ImapLexer args, Set<Select> select) throws ImapSyntaxException {
        args.open();
        if (args.accept(')')) {
            return;
        }
        do {
            select.add(
                    switch (args.keyword()) {
                        case "SUBSCRIBED" -> Select.SUBSCRIBED;
                        case "REMOTE" -> Select.REMOTE;
                        case "RECURSIVEMATCH" -> Select.RECURSIVEMATCH;
                        case "SPECIAL-USE" -> Select.SPECIAL_USE;
                        default -> throw new ImapSyntaxException("Unknown select option");
                    });
        } while (args.next());
        args.close();
        if (select.contains(Select.RECURSIVEMATCH)
                && !select.contains(Select.SUBSCRIBED)
                && !select.contains(Select.SPECIAL_USE)) {
            throw new ImapSyntaxException("RECURSIVEMATCH needs another select option");
        }
    }

    private static @Nullable Set<StatusCommand.Item> returns(
            ImapLexer args, Set<Return> returns, List<String> metadata)
            throws IOException, ImapSyntaxException {
        Set<StatusCommand.Item> status = null;
        args.open();
        if (args.accept(')')) {
            return null;
        }
        do {
            switch (args.keyword()) {
                case "SUBSCRIBED" -> returns.add(Return.SUBSCRIBED);
                case "CHILDREN" -> returns.add(Return.CHILDREN);
                case "SPECIAL-USE" -> returns.add(Return.SPECIAL_USE);
                case "METADATA" -> metadata.addAll(Metadata.entries(args.sp()));
                case "STATUS" -> status = StatusCommand.items(args.sp());
                default -> throw new ImapSyntaxException("Unknown return option");
            }
        } while (args.next());
        args.close();
        return status;
    }
}
