// SPDX-License-Identifier: Apache-2.0

package org.postino.imap;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.postino.mailstore.Flag;
import org.postino.message.Charsets;

/// The grammar of SEARCH (RFC 3501, 6.4.4; OLDER and YOUNGER of RFC 5032).
public final class SearchParser {
    private static final int MAX_DEPTH = 100;
    private static final int MAX_KEYS = 1000;
    private static final Set<String> ENTRY_TYPES = Set.of("ALL", "PRIV", "SHARED");

    /// The keys of a search.
    ///
    /// @param charsetKnown false: to be answered with BADCHARSET
    /// @param modSeq a key names a mod-sequence: the answer tells the highest (RFC 7162, 3.1.5)
    /// @param ofSelected a key names messages by number, or those of a result that was kept
    public record Criteria(
            boolean charsetKnown, boolean modSeq, boolean ofSelected, SearchKey key) {}

    private final ImapLexer args;
    private final Charset charset;
    private int keys;
    private boolean modSeq;
    private boolean ofSelected;

    private SearchParser(ImapLexer args, Charset charset) {
        this.args = args;
        this.charset = charset;
    }

    /// The keys, with CHARSET before them or without.
    public static Criteria criteria(ImapLexer args) throws IOException, ImapSyntaxException {
        if (args.acceptWord("CHARSET")) {
            if (args.has(Extension.UTF8_ACCEPT)) {
                throw new ImapSyntaxException("CHARSET beside UTF8=ACCEPT");
            }
            return criteriaIn(args.sp().astring(), args.sp());
        }
        return criteriaIn(StandardCharsets.UTF_8.name(), args);
    }

    /// The keys with texts in a charset, and the end of the command.
    public static Criteria criteriaIn(String charset, ImapLexer args)
            throws IOException, ImapSyntaxException {
        var parser = new SearchParser(args, Charsets.of(charset));
        var key = parser.all();
        args.end();
        return new Criteria(Charsets.isKnown(charset), parser.modSeq, parser.ofSelected, key);
    }

    /// One or more keys, all of which must hold.
    private SearchKey all() throws IOException, ImapSyntaxException {
        var found = new ArrayList<SearchKey>();
        do {
            found.add(key());
        } while (args.next());
        return found.size() == 1 ? found.getFirst() : new SearchKey.And(found);
    }

    private SearchKey key() throws IOException, ImapSyntaxException {
        if (++keys > MAX_KEYS) {
            throw new ImapSyntaxException("Too many search keys");
        }
        int c = args.peek();
        if (c == '(') {
            args.enter(MAX_DEPTH);
            var inner = all();
            args.close().ascend();
            return inner;
        }
        if (c == '*' || c == '$' || (c >= '0' && c <= '9')) {
            if (c != '$' && args.has(Extension.UIDONLY)) {
                throw UidOnly.wrong();
            }
            return numbers(false);
        }
        return named(args.keyword());
    }

    private SearchKey named(String word) throws IOException, ImapSyntaxException {
        return switch (word) {
            case "ALL" -> new SearchKey.All();
            case "ANSWERED" -> new SearchKey.HasFlag(Flag.ANSWERED, true);
            case "DELETED" -> new SearchKey.HasFlag(Flag.DELETED, true);
            case "DRAFT" -> new SearchKey.HasFlag(Flag.DRAFT, true);
            case "FLAGGED" -> new SearchKey.HasFlag(Flag.FLAGGED, true);
            case "SEEN" -> new SearchKey.HasFlag(Flag.SEEN, true);
            case "UNANSWERED" -> new SearchKey.HasFlag(Flag.ANSWERED, false);
            case "UNDELETED" -> new SearchKey.HasFlag(Flag.DELETED, false);
            case "UNDRAFT" -> new SearchKey.HasFlag(Flag.DRAFT, false);
            case "UNFLAGGED" -> new SearchKey.HasFlag(Flag.FLAGGED, false);
            case "UNSEEN" -> new SearchKey.HasFlag(Flag.SEEN, false);
            case "RECENT" -> new SearchKey.Recent();
            case "OLD" -> not(new SearchKey.Recent());
            case "NEW" ->
                    new SearchKey.And(
                            List.of(
                                    new SearchKey.Recent(),
                                    new SearchKey.HasFlag(Flag.SEEN, false)));
            case "KEYWORD" -> new SearchKey.Keyword(args.sp().atom(), true);
            case "UNKEYWORD" -> new SearchKey.Keyword(args.sp().atom(), false);
            case "UID" -> {
                args.sp();
                yield numbers(true);
            }
            case "MODSEQ" -> modSeq();
            case "EMAILID" -> new SearchKey.ObjectId(false, args.sp().astring());
            case "THREADID" -> new SearchKey.ObjectId(true, args.sp().astring());
            case "LARGER" -> new SearchKey.Size(true, args.sp().number64());
            case "SMALLER" -> new SearchKey.Size(false, args.sp().number64());
            case "OLDER" -> new SearchKey.Age(true, seconds());
            case "YOUNGER" -> new SearchKey.Age(false, seconds());
            case "NOT" -> nested();
            case "OR" -> or();
            default -> dateOrText(word);
        };
    }

    private SearchKey dateOrText(String word) throws IOException, ImapSyntaxException {
        return switch (word) {
            case "BEFORE" -> dated(SearchKey.When.BEFORE, false);
            case "ON" -> dated(SearchKey.When.ON, false);
            case "SINCE" -> dated(SearchKey.When.SINCE, false);
            case "SENTBEFORE" -> dated(SearchKey.When.BEFORE, true);
            case "SENTON" -> dated(SearchKey.When.ON, true);
            case "SAVEDBEFORE" -> saved(SearchKey.When.BEFORE);
            case "SAVEDON" -> saved(SearchKey.When.ON);
            case "SAVEDSINCE" -> saved(SearchKey.When.SINCE);
            case "SAVEDATESUPPORTED" -> new SearchKey.HasSaveDate();
            case "SENTSINCE" -> dated(SearchKey.When.SINCE, true);
            case "BCC", "CC", "FROM", "TO" -> new SearchKey.Addressed(word, text());
            case "SUBJECT" -> new SearchKey.Header(word, text());
            case "HEADER" -> new SearchKey.Header(args.sp().astring(), text());
            case "BODY" -> new SearchKey.Text(text(), false);
            case "TEXT" -> new SearchKey.Text(text(), true);
            default -> throw new ImapSyntaxException("Unknown argument " + word);
        };
    }

    private static SearchKey not(SearchKey key) {
        return new SearchKey.Not(key);
    }

    private SearchKey numbers(boolean uid) throws ImapSyntaxException {
        var set = args.sequenceSet();
        ofSelected |= !uid || set.isSaved();
        return new SearchKey.Numbers(set, uid);
    }

    private SearchKey nested() throws IOException, ImapSyntaxException {
        args.sp().descend(MAX_DEPTH);
        var key = not(key());
        args.ascend();
        return key;
    }

    private SearchKey or() throws IOException, ImapSyntaxException {
        args.sp().descend(MAX_DEPTH);
        var one = key();
        args.sp();
        var or = new SearchKey.Or(one, key());
        args.ascend();
        return or;
    }

    /// `[entry-name entry-type] modseq`: of the entries that the client may name, all flags, we keep one mod-sequence.
    private SearchKey modSeq() throws IOException, ImapSyntaxException {
        args.sp();
        if (args.peek() == '"') {
            args.string();
            var type = args.sp().keyword();
            if (!ENTRY_TYPES.contains(type)) {
                throw new ImapSyntaxException("Invalid entry type");
            }
            args.sp();
        }
        modSeq = true;
        return new SearchKey.ModSeq(args.number64());
    }

    private Duration seconds() throws ImapSyntaxException {
        return Duration.ofSeconds(args.sp().nonZero());
    }

    private SearchKey saved(SearchKey.When when) throws IOException, ImapSyntaxException {
        return new SearchKey.Saved(when, ImapDates.date(args.sp()));
    }

    private SearchKey dated(SearchKey.When when, boolean sent)
            throws IOException, ImapSyntaxException {
        return new SearchKey.Dated(when, sent, ImapDates.date(args.sp()));
    }

    /// Texts are UTF-8, of which US-ASCII is a part, unless the client named another charset.
    private TextMatcher text() throws IOException, ImapSyntaxException {
        byte[] bytes = args.sp().astringBytes();
        try {
            return new TextMatcher(charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException e) {
            throw new ImapSyntaxException("Invalid search text", e);
        }
    }
}
