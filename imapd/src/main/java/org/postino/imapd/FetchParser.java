// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postino.imap.FetchItem;
import org.postino.imap.ImapLexer;
import org.postino.imap.ImapSyntaxException;

/// The grammar of FETCH items (RFC 3501, 9, fetch-att and section).
final class FetchParser {
    private static final int MAX_PATH = 200;

    private final ImapLexer args;

    private FetchParser(ImapLexer args) {
        this.args = args;
    }

    /// A macro, an item, or items in parentheses; duplicates are dropped.
    static List<FetchItem> items(ImapLexer args) throws IOException, ImapSyntaxException {
        var parser = new FetchParser(args);
        var items = new LinkedHashSet<FetchItem>();
        if (args.accept('(')) {
            return itemsUpToParenthesis(args);
        }
        var word = args.word();
        switch (word) {
            case "ALL" -> {
                fast(items);
                items.add(FetchItem.Plain.ENVELOPE);
            }
            case "FAST" -> fast(items);
            case "FULL" -> {
                fast(items);
                items.add(FetchItem.Plain.ENVELOPE);
                items.add(FetchItem.Plain.BODY);
            }
            default -> items.add(parser.item(word));
        }
        return List.copyOf(items);
    }

    /// Items whose opening parenthesis is taken, and the closing one.
    static List<FetchItem> itemsUpToParenthesis(ImapLexer args)
            throws IOException, ImapSyntaxException {
        var parser = new FetchParser(args);
        var items = new LinkedHashSet<FetchItem>();
        args.blanks();
        do {
            items.add(parser.item(args.word()));
        } while (args.next());
        args.close();
        return List.copyOf(items);
    }

    private static void fast(Set<FetchItem> items) {
        items.add(FetchItem.Plain.FLAGS);
        items.add(FetchItem.Plain.INTERNALDATE);
        items.add(FetchItem.Plain.SIZE);
    }

    private FetchItem item(String word) throws IOException, ImapSyntaxException {
        return switch (word) {
            case "FLAGS" -> FetchItem.Plain.FLAGS;
            case "UID" -> FetchItem.Plain.UID;
            case "MODSEQ" -> FetchItem.Plain.MODSEQ;
            case "SAVEDATE" -> FetchItem.Plain.SAVEDATE;
            case "EMAILID" -> FetchItem.Plain.EMAILID;
            case "THREADID" -> FetchItem.Plain.THREADID;
            case "INTERNALDATE" -> FetchItem.Plain.INTERNALDATE;
            case "RFC822.SIZE" -> FetchItem.Plain.SIZE;
            case "ENVELOPE" -> FetchItem.Plain.ENVELOPE;
            case "BODYSTRUCTURE" -> FetchItem.Plain.BODYSTRUCTURE;
            case "RFC822" -> whole("RFC822", FetchItem.Text.ALL, false);
            case "RFC822.HEADER" -> whole("RFC822.HEADER", FetchItem.Text.HEADER, true);
            case "RFC822.TEXT" -> whole("RFC822.TEXT", FetchItem.Text.TEXT, false);
            case "BODY" -> args.peek() == '[' ? section(false) : FetchItem.Plain.BODY;
            case "BODY.PEEK" -> section(true);
            case "BINARY" -> binary(false);
            case "BINARY.PEEK" -> binary(true);
            case "BINARY.SIZE" -> {
                var label = new StringBuilder("BINARY.SIZE[");
                var path = part(label);
                yield new FetchItem.BinarySize(label.toString(), path);
            }
            case "PREVIEW" ->
                    args.acceptText(" (LAZY)")
                            ? FetchItem.Plain.LAZY_PREVIEW
                            : FetchItem.Plain.PREVIEW;
            default -> throw new ImapSyntaxException("Unknown parameter " + word);
        };
    }

    private static FetchItem whole(String label, FetchItem.Text text, boolean peek) {
        return new FetchItem.Section(label, List.of(), text, List.of(), null, peek);
    }

    private FetchItem section(boolean peek) throws IOException, ImapSyntaxException {
        args.expect('[');
        var label = new StringBuilder("BODY[");
        var path = path(label);
        var text = FetchItem.Text.ALL;
        List<String> fields = List.of();
        if (args.peek() != ']') {
            text = text(label, path);
            if (text == FetchItem.Text.FIELDS || text == FetchItem.Text.FIELDS_NOT) {
                fields = fields(label);
            }
        }
        args.blanks();
        args.expect(']');
        label.append(']');
        return new FetchItem.Section(label.toString(), path, text, fields, partial(), peek);
    }

    private FetchItem binary(boolean peek) throws ImapSyntaxException {
        var label = new StringBuilder("BINARY[");
        var path = part(label);
        return new FetchItem.Binary(label.toString(), path, partial(), peek);
    }

    /// `[part]` of RFC 3516.
    private List<Integer> part(StringBuilder label) throws ImapSyntaxException {
        args.expect('[');
        var path = path(label);
        args.expect(']');
        label.append(']');
        return path;
    }

    /// Part numbers; stands behind the dot that follows them, if a word does.
    private List<Integer> path(StringBuilder label) throws ImapSyntaxException {
        var path = new ArrayList<Integer>();
        while (args.peek() >= '0' && args.peek() <= '9') {
            long number = args.nonZero();
            if (path.size() == MAX_PATH) {
                throw new ImapSyntaxException("Invalid BODY[..] parameter: too many part numbers");
            }
            path.add((int) Math.min(number, Integer.MAX_VALUE));
            label.append(path.size() > 1 ? "." : "").append(number);
            if (!args.accept('.')) {
                if (args.peek() != ']') {
                    throw new ImapSyntaxException("Invalid BODY[..] parameter");
                }
                return path;
            }
        }
        if (!path.isEmpty()) {
            label.append('.');
            if (args.peek() == ']') {
                throw new ImapSyntaxException("Invalid BODY[..] parameter");
            }
        }
        return path;
    }

    private FetchItem.Text text(StringBuilder label, List<Integer> path)
            throws ImapSyntaxException {
        var word = args.atom().toUpperCase(Locale.ROOT);
        label.append(word);
        return switch (word) {
            case "HEADER" -> FetchItem.Text.HEADER;
            case "HEADER.FIELDS" -> FetchItem.Text.FIELDS;
            case "HEADER.FIELDS.NOT" -> FetchItem.Text.FIELDS_NOT;
            case "TEXT" -> FetchItem.Text.TEXT;
            case "MIME" -> {
                if (path.isEmpty()) {
                    throw new ImapSyntaxException("Invalid BODY[..] parameter: MIME");
                }
                yield FetchItem.Text.MIME;
            }
            default -> throw new ImapSyntaxException("Invalid BODY[..] parameter: " + word);
        };
    }

    private List<String> fields(StringBuilder label) throws IOException, ImapSyntaxException {
        var fields = new ArrayList<String>();
        args.sp().open();
        label.append(" (");
        do {
            var field = args.astring();
            label.append(fields.isEmpty() ? "" : " ").append(printable(field));
            fields.add(field);
        } while (args.next());
        args.close();
        label.append(')');
        return fields;
    }

    /// A field name as it may stand in a response: an atom where it can be one, else quoted.
    private static String printable(String field) throws ImapSyntaxException {
        var upper = field.toUpperCase(Locale.ROOT);
        boolean atom = !upper.isEmpty();
        for (int i = 0; i < upper.length(); i++) {
            char c = upper.charAt(i);
            if (c < ' ' || c >= 127) {
                throw new ImapSyntaxException("Invalid header field name");
            }
            atom &= ImapLexer.isAtomChar(c);
        }
        return atom ? upper : '"' + upper.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private FetchItem.@Nullable Partial partial() throws ImapSyntaxException {
        if (!args.accept('<')) {
            return null;
        }
        long offset = args.number64();
        args.expect('.');
        long length = args.number64();
        if (length == 0) {
            throw new ImapSyntaxException("Invalid BODY[..] parameter: empty range");
        }
        args.expect('>');
        return new FetchItem.Partial(offset, length);
    }
}
