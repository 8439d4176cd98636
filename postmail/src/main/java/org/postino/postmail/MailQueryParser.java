// SPDX-License-Identifier: Apache-2.0

package org.postino.postmail;

import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postino.imap.ImapLexer;
import org.postino.imap.ImapSyntaxException;
import org.postino.imap.SearchParser;
import org.postino.message.MailDate;

/// Takes a query from the words of a command line: those of IMAP's SEARCH (RFC 9051, 6.4.4), each an argument of its own, and doveadm's
/// MAILBOX, OR between conditions, dates and sizes.
final class MailQueryParser {
    private static final int MAX_DEPTH = 100;

    private static final Set<String> ALONE =
            Set.of(
                    "ALL",
                    "ANSWERED",
                    "DELETED",
                    "DRAFT",
                    "FLAGGED",
                    "NEW",
                    "OLD",
                    "RECENT",
                    "SAVEDATESUPPORTED",
                    "SEEN",
                    "UNANSWERED",
                    "UNDELETED",
                    "UNDRAFT",
                    "UNFLAGGED",
                    "UNSEEN");

    private static final Set<String> DATED =
            Set.of(
                    "BEFORE",
                    "ON",
                    "SAVEDBEFORE",
                    "SAVEDON",
                    "SAVEDSINCE",
                    "SENTBEFORE",
                    "SENTON",
                    "SENTSINCE",
                    "SINCE");

    private static final Set<String> SIZED = Set.of("LARGER", "SMALLER");

    private static final Set<String> PLAIN =
            Set.of("KEYWORD", "MODSEQ", "OLDER", "UID", "UNKEYWORD", "YOUNGER");

    private static final Set<String> TEXTS =
            Set.of("BCC", "BODY", "CC", "FROM", "SUBJECT", "TEXT", "TO");

    private static final Pattern SIZE = Pattern.compile("([0-9]{1,12})([BKMGT]?)");
    private static final Pattern AGO = Pattern.compile("([0-9]{1,5})(d|days?|w|weeks?)");
    private static final String UNITS = "BKMGT";

    private final List<String> words;
    private int at;

    private MailQueryParser(List<String> words) {
        this.words = words;
    }

    /// A query of all these words; none is ALL.
    static MailQuery parse(List<String> words) throws PostmailFailure {
        if (words.isEmpty()) {
            return new MailQuery.Leaf(MailQuery.EVERY);
        }
        var parser = new MailQueryParser(words);
        MailQuery query = parser.all(0);
        if (parser.at < words.size()) {
            throw PostmailFailure.usage("there is a ) too many in the query");
        }
        return query;
    }

    private String next(String behind) throws PostmailFailure {
        if (at == words.size()) {
            throw PostmailFailure.usage("a word is missing in the query behind " + behind);
        }
        return words.get(at++);
    }

    private MailQuery all(int depth) throws PostmailFailure {
        var found = new ArrayList<MailQuery>();
        int ors = 0;
        while (at < words.size() && !words.get(at).equals(")")) {
            if (!found.isEmpty() && words.get(at).equalsIgnoreCase("OR")) {
                at++;
                ors++;
            }
            found.add(one("(", depth));
        }
        if (ors > 0) {
            return or(found, ors);
        }
        if (found.isEmpty()) {
            throw PostmailFailure.usage("there is nothing between ( and ) in the query");
        }
        return found.size() == 1 ? found.getFirst() : new MailQuery.And(found);
    }

    /// doveadm's `this OR that`, which is not mixed with conditions that must all hold.
    private static MailQuery or(List<MailQuery> found, int ors) throws PostmailFailure {
        if (ors != found.size() - 1) {
            throw PostmailFailure.usage("the query needs ( and ) about what OR joins");
        }
        MailQuery either = found.getFirst();
        for (MailQuery other : found.subList(1, found.size())) {
            either = new MailQuery.Or(either, other);
        }
        return either;
    }

    private MailQuery one(String behind, int depth) throws PostmailFailure {
        if (depth > MAX_DEPTH) {
            throw PostmailFailure.usage("the query is nested too deeply");
        }
        String written = next(behind);
        String word = written.toUpperCase(Locale.ROOT);
        return switch (word) {
            case "(" -> {
                MailQuery inner = all(depth + 1);
                if (!next("(").equals(")")) {
                    throw PostmailFailure.usage("a ) is missing in the query");
                }
                yield inner;
            }
            case "NOT" -> new MailQuery.Not(one(word, depth + 1));
            case "OR" -> new MailQuery.Or(one(word, depth + 1), one(word, depth + 1));
            case "MAILBOX" -> new MailQuery.Box(next(word));
            default -> leaf(word, written);
        };
    }

    private MailQuery leaf(String word, String written) throws PostmailFailure {
        if (ALONE.contains(word) || isSet(word)) {
            return imap(word);
        } else if (PLAIN.contains(word)) {
            return imap(word + " " + next(word));
        } else if (DATED.contains(word)) {
            return imap(word + " " + date(next(word)));
        } else if (SIZED.contains(word)) {
            return imap(word + " " + size(next(word)));
        } else if (TEXTS.contains(word)) {
            return imap(word + " " + quoted(next(word)));
        } else if (word.equals("HEADER")) {
            return imap(word + " " + quoted(next(word)) + " " + quoted(next(word)));
        }
        throw PostmailFailure.usage("the query has an unknown word: " + written);
    }

    /// True for sequence numbers.
    private static boolean isSet(String word) {
        return !word.isEmpty() && word.chars().allMatch(c -> "0123456789:*,".indexOf(c) >= 0);
    }

    private static MailQuery imap(String text) throws PostmailFailure {
        try {
            return new MailQuery.Leaf(SearchParser.criteria(ImapLexer.of(text)).key());
        } catch (ImapSyntaxException | IOException e) {
            throw new PostmailFailure(
                    PostmailFailure.USAGE, "in the query, " + text + ": " + e.getMessage(), e);
        }
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    /// Octets; `10k`, `2M` and `1G` are multiples of 1024.
    private static String size(String text) throws PostmailFailure {
        Matcher size = SIZE.matcher(text.toUpperCase(Locale.ROOT));
        if (!size.matches()) {
            throw PostmailFailure.usage("the query has a size that is none: " + text);
        }
        int unit = size.group(2).isEmpty() ? 0 : UNITS.indexOf(size.group(2));
        return Long.toString(Long.parseLong(size.group(1)) << (10 * unit));
    }

    /// A day as IMAP writes it: from `2026-11-30`, from `10d` or `2weeks` before today, or as it is.
    private static String date(String text) throws PostmailFailure {
        Matcher ago = AGO.matcher(text);
        if (ago.matches()) {
            int days = Integer.parseInt(ago.group(1)) * (ago.group(2).startsWith("w") ? 7 : 1);
            return print(LocalDate.now(ZoneId.systemDefault()).minusDays(days));
        }
        if (text.length() != 10 || !Character.isDigit(text.charAt(3))) {
            return text;
        }
        try {
            return print(LocalDate.parse(text, DateTimeFormatter.ISO_LOCAL_DATE));
        } catch (DateTimeParseException e) {
            throw new PostmailFailure(
                    PostmailFailure.USAGE, "the query has a date that is none: " + text, e);
        }
    }

    private static String print(LocalDate day) {
        return day.getDayOfMonth()
                + "-"
                + MailDate.month(day.getMonthValue())
                + "-"
                + String.format(Locale.ROOT, "%04d", day.getYear());
    }
}
