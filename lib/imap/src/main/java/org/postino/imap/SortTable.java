// SPDX-License-Identifier: Apache-2.0

package org.postino.imap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.postino.mailstore.Mailbox;
import org.postino.message.HeaderBlock;

/// Sorts messages (RFC 5256, 3): reads the keys of each once, a row of the table, then compares rows.
public final class SortTable {
    private static final HeaderBlock NO_FIELDS = HeaderBlock.of(new byte[0], _ -> false);

    private final Mailbox mailbox;
    private final int[] sequences;
    private final List<Column> columns = new ArrayList<>();
    private final NavigableSet<String> fields = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

    private SortTable(Mailbox mailbox, int[] sequences, List<SortCriterion> criteria) {
        this.mailbox = mailbox;
        this.sequences = sequences;
        for (var criterion : criteria) {
            var column = column(criterion.key());
            columns.add(criterion.reverse() ? new Reversed(column) : column);
        }
    }

    /// Puts sequence numbers in the order of the criteria, then of their own; without those that cannot be read.
    public static int[] sort(
            Mailbox mailbox, int[] sequences, List<SortCriterion> criteria, Attempts attempts)
            throws IOException {
        return new SortTable(mailbox, sequences, criteria).sorted(attempts);
    }

    private int[] sorted(Attempts attempts) throws IOException {
        var rows = new ArrayList<Integer>(sequences.length);
        for (int i = 0; i < sequences.length; i++) {
            int row = i;
            if (attempts.on(mailbox.uid(sequences[i]), () -> read(row))) {
                rows.add(row);
            }
        }
        Collections.sort(rows, this::compare);
        return rows.stream().mapToInt(row -> sequences[row]).toArray();
    }

    private boolean read(int row) throws IOException {
        long uid = mailbox.uid(sequences[row]);
        var header = fields.isEmpty() ? NO_FIELDS : header(uid);
        for (var column : columns) {
            column.read(row, uid, header);
        }
        return true;
    }

    private HeaderBlock header(long uid) throws IOException {
        try (var reader = new MessageReader(mailbox, uid)) {
            var header = reader.fields(fields);
            reader.remember();
            return header;
        }
    }

    /// The sort is stable: what is equal stays in the order of its numbers.
    private int compare(int row, int other) {
        for (var column : columns) {
            int order = column.compare(row, other);
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private Column column(SortCriterion.Key key) {
        return switch (key) {
            case ARRIVAL -> numbers((uid, _) -> mailbox.internalDate(uid).getEpochSecond());
            case SIZE -> numbers((uid, _) -> mailbox.size(uid));
            case DATE -> {
                fields.add("Date");
                yield numbers((uid, header) -> MessageSortKeys.sent(mailbox, uid, header));
            }
            case SUBJECT -> texts("Subject", (header, _) -> MessageSortKeys.subject(header).text());
            case FROM -> texts("From", MessageSortKeys::localPart);
            case TO -> texts("To", MessageSortKeys::localPart);
            case CC -> texts("Cc", MessageSortKeys::localPart);
            case DISPLAYFROM -> texts("From", MessageSortKeys::display);
            case DISPLAYTO -> texts("To", MessageSortKeys::display);
        };
    }

    private Column numbers(Amount amount) {
        return new Numbers(new long[sequences.length], amount);
    }

    private Column texts(String field, Text text) {
        fields.add(field);
        return new Texts(new String[sequences.length], field, text);
    }

    @FunctionalInterface
    private interface Amount {
        long of(long uid, HeaderBlock header) throws IOException;
    }

    @FunctionalInterface
    private interface Text {
        String of(HeaderBlock header, String field);
    }

    /// One key of all messages.
    private sealed interface Column {
        void read(int row, long uid, HeaderBlock header) throws IOException;

        int compare(int row, int other);
    }

    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Numbers(long[] keys, Amount amount) implements Column {
        @Override
        public void read(int row, long uid, HeaderBlock header) throws IOException {
            keys[row] = amount.of(uid, header);
        }

        @Override
        public int compare(int row, int other) {
            return Long.compare(keys[row], keys[other]);
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Texts(String[] keys, String field, Text text) implements Column {
        @Override
        public void read(int row, long uid, HeaderBlock header) {
            keys[row] = MessageSortKeys.fold(text.of(header, field));
        }

        @Override
        public int compare(int row, int other) {
            return Casemap.compare(keys[row], keys[other]);
        }
    }

    private record Reversed(Column column) implements Column {
        @Override
        public void read(int row, long uid, HeaderBlock header) throws IOException {
            column.read(row, uid, header);
        }

        @Override
        public int compare(int row, int other) {
            return column.compare(other, row);
        }
    }
}
