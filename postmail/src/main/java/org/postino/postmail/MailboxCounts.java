// SPDX-License-Identifier: Apache-2.0

package org.postino.postmail;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postino.mailstore.MailboxStatus;

/// `mailbox status`: counts of mailboxes.
///
/// @param total their sums in one row instead
record MailboxCounts(List<Count> counts, List<String> masks, boolean total)
        implements PostmailCommand.Work {
    /// The counts, by doveadm's words in lower case.
    enum Count {
        MESSAGES(true),
        RECENT(true),
        UIDNEXT(false),
        UIDVALIDITY(false),
        UNSEEN(true),
        HIGHESTMODSEQ(false),
        VSIZE(true);

        private final boolean summed;

        Count(boolean summed) {
            this.summed = summed;
        }

        private long of(MailboxStatus status) {
            return switch (this) {
                case MESSAGES -> status.messages();
                case RECENT -> status.recent();
                case UIDNEXT -> status.uidNext();
                case UIDVALIDITY -> status.uidValidity();
                case UNSEEN -> status.unseen();
                case HIGHESTMODSEQ -> status.highestModSeq();
                case VSIZE -> status.size();
            };
        }

        private String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static MailboxCounts of(Options options) throws PostmailFailure {
        List<String> operands = options.operands(2);
        boolean total = options.has('t');
        var counts = new ArrayList<Count>();
        for (String word : operands.getFirst().strip().split(" +", -1)) {
            if (word.equals("all")) {
                counts.addAll(Stream.of(Count.values()).filter(c -> c.summed || !total).toList());
            } else {
                counts.add(count(word, total));
            }
        }
        return new MailboxCounts(counts, operands.subList(1, operands.size()), total);
    }

    private static Count count(String word, boolean total) throws PostmailFailure {
        for (Count count : Count.values()) {
            if (count.word().equals(word)) {
                if (total && !count.summed) {
                    throw PostmailFailure.usage(word + " has no total");
                }
                return count;
            }
        }
        throw PostmailFailure.usage(
                "there is no status field "
                        + word
                        + ": all, "
                        + Stream.of(Count.values())
                                .map(Count::word)
                                .collect(Collectors.joining(", ")));
    }

    @Override
    public List<Column> columns() {
        var columns = new ArrayList<Column>();
        if (!total) {
            columns.add(Column.text("mailbox").untitled());
        }
        counts.forEach(count -> columns.add(Column.number(count.word())));
        return columns;
    }

    @Override
    public void run(Visit visit) throws IOException {
        long[] sums = new long[counts.size()];
        List<String> names = visit.masked(masks);
        visit.missing(masks, names);
        int done = 0;
        for (String name : names) {
            visit.results().progress().step("counting", done++, names.size());
            try {
                row(visit, name, sums);
            } catch (IOException e) {
                visit.failed(name, e);
            }
        }
        if (total) {
            visit.row(Stream.of(box(sums)).map(Field::of).toList());
        }
    }

    private static Long[] box(long... numbers) {
        var boxed = new Long[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            boxed[i] = numbers[i];
        }
        return boxed;
    }

    private void row(Visit visit, String name, long[] sums) throws IOException {
        MailboxStatus status = visit.store().status(name, counts.contains(Count.VSIZE));
        var fields = new ArrayList<Field>();
        fields.add(Field.of(name));
        for (int i = 0; i < sums.length; i++) {
            long value = counts.get(i).of(status);
            sums[i] += value;
            fields.add(Field.of(value));
        }
        if (!total) {
            visit.row(fields);
        }
    }
}
