// SPDX-License-Identifier: Apache-2.0

package org.postino.imap;

import java.io.IOException;
import java.io.Reader;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import org.postino.fts.Candidates;
import org.postino.mailstore.Mailbox;
import org.postino.mailstore.MessageEntry;
import org.postino.message.EncodedWords;
import org.postino.message.HeaderBlock;
import org.postino.message.MailDate;
import org.postino.message.MimePart;

/// Tries a [SearchKey] on messages, reading of each no more than the keys need.
public final class Search {
    private final Mailbox mailbox;
    private final Instant now;
    private final long[] saved;
    private final Index index;
    private final IdentityHashMap<SearchKey.Numbers, List<SequenceSet.Range>> resolved =
            new IdentityHashMap<>();

    /// Knows which messages a search may find.
    @FunctionalInterface
    public interface Index {
        Candidates candidates(Mailbox mailbox, SearchKey key);
    }

    /// A search in a mailbox for which no result is kept.
    public Search(Mailbox mailbox, Instant now) {
        this(mailbox, now, new long[0], (_, _) -> Candidates.NONE);
    }

    /// A search in a mailbox for which a result may be kept, and of which there may be an index.
    ///
    /// @param saved the UIDs that `$` stands for (RFC 5182), ascending
    public Search(Mailbox mailbox, Instant now, long[] saved, Index index) {
        this.index = index;
        this.mailbox = mailbox;
        this.now = now;
        this.saved = saved;
    }

    /// The sequence numbers of all messages that match.
    public int[] find(SearchKey key, Attempts attempts) throws IOException {
        // no file is touched, so nothing can fail, and nothing takes long
        boolean isKnown = key.cost() == SearchKey.Cost.NOTHING;
        boolean hasTexts = key.cost().compareTo(SearchKey.Cost.HEADER) >= 0;
        var candidates = hasTexts ? index.candidates(mailbox, key) : Candidates.NONE;
        int[] found = new int[64];
        int n = 0;
        for (int i = 1; i <= mailbox.size(); i++) {
            if (candidates.has(mailbox.uid(i))
                    && (isKnown ? matches(key, i) : tried(key, i, attempts))) {
                if (n == found.length) {
                    found = Arrays.copyOf(found, 2 * n);
                }
                found[n++] = i;
            }
        }
        return Arrays.copyOf(found, n);
    }

    private boolean tried(SearchKey key, int sequence, Attempts attempts) throws IOException {
        return attempts.on(mailbox.uid(sequence), () -> matches(key, sequence));
    }

    /// True if a message matches.
    ///
    /// @throws IOException the message cannot be read
    public boolean matches(SearchKey key, int sequence) throws IOException {
        if (key instanceof SearchKey.Known known) {
            return matches(known, sequence);
        }
        var message = mailbox.message(sequence);
        try (var reader = new MessageReader(mailbox, message.uid())) {
            boolean matches = matches(key, sequence, message, reader);
            reader.remember();
            return matches;
        }
    }

    private boolean matches(SearchKey key, int sequence, MessageEntry message, MessageReader reader)
            throws IOException {
        return switch (key) {
            case SearchKey.Known known -> matches(known, sequence);
            case SearchKey.Size(var larger, var octets) -> {
                long size = mailbox.size(message.uid());
                yield larger ? size > octets : size < octets;
            }
            case SearchKey.Dated dated -> dated(dated, message, reader);
            case SearchKey.Saved(var when, var date) -> isOn(when, day(saved(message.uid())), date);
            case SearchKey.Age(var older, var age) -> {
                boolean old = !mailbox.internalDate(message.uid()).isAfter(now.minus(age));
                yield old == older;
            }
            case SearchKey.ObjectId(var thread, var id) ->
                    id.equals(thread ? reader.threadId() : reader.emailIdText());
            case SearchKey.Header(var field, var text) -> header(reader, field, text);
            case SearchKey.Addressed(var field, var text) ->
                    header(reader, field, text) || addressed(reader, field, text);
            case SearchKey.Text(var text, var headers) -> text(reader, text, headers);
            case SearchKey.Not(var inner) -> !matches(inner, sequence, message, reader);
            case SearchKey.Or(var one, var other) ->
                    one.cost().compareTo(other.cost()) <= 0
                            ? matches(one, sequence, message, reader)
                                    || matches(other, sequence, message, reader)
                            : matches(other, sequence, message, reader)
                                    || matches(one, sequence, message, reader);
            case SearchKey.And(var keys) -> {
                for (var inner : keys) {
                    if (!matches(inner, sequence, message, reader)) {
                        yield false;
                    }
                }
                yield true;
            }
        };
    }

    private boolean matches(SearchKey.Known key, int sequence) {
        return switch (key) {
            case SearchKey.All _ -> true;
            case SearchKey.Numbers numbers -> numbers(numbers, sequence, mailbox.uid(sequence));
            case SearchKey.HasFlag(var flag, var set) ->
                    mailbox.flags(sequence).contains(flag) == set;
            case SearchKey.Keyword(var name, var set) ->
                    mailbox.flags(sequence).contains(name) == set;
            case SearchKey.Recent _ -> mailbox.message(sequence).recent();
            case SearchKey.HasSaveDate _ -> mailbox.saveDate(mailbox.uid(sequence)).isPresent();
            case SearchKey.ModSeq(var least) -> mailbox.message(sequence).modseq() >= least;
        };
    }

    private boolean numbers(SearchKey.Numbers key, int sequence, long uid) {
        if (key.set().isSaved()) {
            return Arrays.binarySearch(saved, uid) >= 0;
        }
        var ranges = resolved.get(key);
        if (ranges == null) {
            int size = mailbox.size();
            ranges = key.set().resolve(key.uid() ? size == 0 ? 0 : mailbox.uid(size) : size);
            resolved.put(key, ranges);
        }
        long number = key.uid() ? uid : sequence;
        int low = 0;
        int high = ranges.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            var range = ranges.get(middle);
            if (number < range.first()) {
                high = middle - 1;
            } else if (number > range.last()) {
                low = middle + 1;
            } else {
                return true;
            }
        }
        return false;
    }

    private boolean dated(SearchKey.Dated key, MessageEntry message, MessageReader reader)
            throws IOException {
        LocalDate day;
        if (key.sent()) {
            var value = reader.searchable("Date").first("Date");
            day = value == null ? null : MailDate.parseDay(value);
            if (day == null) {
                return false;
            }
        } else {
            day = day(mailbox.internalDate(message.uid()));
        }
        return isOn(key.when(), day, key.date());
    }

    private Instant saved(long uid) throws IOException {
        var saved = mailbox.saveDate(uid);
        return saved.isPresent() ? saved.get() : mailbox.internalDate(uid);
    }

    private static LocalDate day(Instant time) {
        return LocalDate.ofInstant(time, ZoneId.systemDefault());
    }

    private static boolean isOn(SearchKey.When when, LocalDate day, LocalDate date) {
        return switch (when) {
            case BEFORE -> day.isBefore(date);
            case ON -> day.equals(date);
            case SINCE -> !day.isBefore(date);
        };
    }

    private static boolean header(MessageReader reader, String name, TextMatcher text)
            throws IOException {
        return switch (FieldMatcher.look(reader.headerWith(List.of(name)), name, text)) {
            case YES -> true;
            case NO -> false;
            case OPEN -> header(reader.searchable(name), name, text);
        };
    }

    private static boolean header(HeaderBlock header, String name, TextMatcher text) {
        for (var field : header.fields()) {
            if (field.name().equalsIgnoreCase(name)
                    && (text.isEmpty() || text.in(EncodedWords.decode(field.unfolded())))) {
                return true;
            }
        }
        return false;
    }

    private static boolean addressed(MessageReader reader, String field, TextMatcher text)
            throws IOException {
        byte[] header = reader.headerWith(List.of(field));
        return FieldMatcher.lookForAddress(header, field, text) == FieldMatcher.Answer.OPEN
                && addressed(reader.searchable(field), field, text);
    }

    private static boolean addressed(HeaderBlock header, String field, TextMatcher text) {
        return SearchedTexts.addresses(header, field).stream().anyMatch(text::in);
    }

    private static boolean text(MessageReader reader, TextMatcher text, boolean headers)
            throws IOException {
        return text.isEmpty() || SearchedTexts.show(reader, headers, new Looking(text));
    }

    /// Looks until the text is found.
    private record Looking(TextMatcher text) implements SearchedTexts.Visitor {
        @Override
        public boolean field(String field) {
            return text.in(field);
        }

        @Override
        public boolean text(MimePart part, Reader content) throws IOException {
            return text.in(content);
        }
    }
}
