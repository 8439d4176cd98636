// SPDX-License-Identifier: Apache-2.0

package org.postino.imap;

import java.util.ArrayList;
import java.util.List;
import org.postino.mailstore.UidRange;

/// A set of message numbers or UIDs as the client wrote it: `2,4:7,9,12:*` (RFC 3501, 9, sequence-set).
public record SequenceSet(List<Range> ranges) {
    /// `*`, the largest number in use.
    public static final long LAST = -1;

    /// `$`, the result that a search has kept (RFC 5182); a set of no numbers, until somebody asks for it.
    static final SequenceSet SAVED = new SequenceSet(List.of());

    /// One number or a span; either end may be [#LAST], and they may stand in either order.
    public record Range(long first, long last) {
        Range resolve(long largest) {
            long a = first == LAST ? largest : first;
            long b = last == LAST ? largest : last;
            return new Range(Math.min(a, b), Math.max(a, b));
        }
    }

    public SequenceSet {
        ranges = List.copyOf(ranges);
    }

    public boolean isSaved() {
        return ranges.isEmpty();
    }

    /// Sorted, merged ranges with `*` replaced: whatever the client wrote, one pass over numbers visits each once.
    public List<Range> resolve(long largest) {
        var sorted = new ArrayList<Range>(ranges.size());
        for (var range : ranges) {
            sorted.add(range.resolve(largest));
        }
        sorted.sort((a, b) -> Long.compare(a.first(), b.first()));
        var merged = new ArrayList<Range>(sorted.size());
        for (var range : sorted) {
            int end = merged.size() - 1;
            if (end >= 0 && range.first() <= merged.get(end).last() + 1) {
                var previous = merged.get(end);
                merged.set(
                        end, new Range(previous.first(), Math.max(previous.last(), range.last())));
            } else {
                merged.add(range);
            }
        }
        return merged;
    }

    /// True if every number named is in `1 .. largest` (`*` in an empty mailbox is not).
    public boolean within(long largest) {
        for (var range : ranges) {
            var resolved = range.resolve(largest);
            if (resolved.first() < 1 || resolved.last() > largest) {
                return false;
            }
        }
        return true;
    }

    /// Prints ascending numbers in the shortest form; an empty list prints as nothing.
    public static String print(long[] ascending, int count) {
        var text = new StringBuilder();
        int i = 0;
        while (i < count) {
            int j = i;
            while (j + 1 < count && ascending[j + 1] == ascending[j] + 1) {
                j++;
            }
            if (!text.isEmpty()) {
                text.append(',');
            }
            text.append(ascending[i]);
            if (j > i) {
                text.append(':').append(ascending[j]);
            }
            i = j + 1;
        }
        return text.toString();
    }

    /// Prints ranges of UIDs in their given order.
    public static String print(List<UidRange> ranges) {
        var text = new StringBuilder();
        for (var range : ranges) {
            text.append(text.isEmpty() ? "" : ",").append(range.first());
            if (range.last() > range.first()) {
                text.append(':').append(range.last());
            }
        }
        return text.toString();
    }

    @Override
    public String toString() {
        var text = new StringBuilder();
        for (var range : ranges) {
            if (!text.isEmpty()) {
                text.append(',');
            }
            number(text, range.first());
            if (range.last() != range.first()) {
                number(text.append(':'), range.last());
            }
        }
        return text.toString();
    }

    private static void number(StringBuilder text, long value) {
        if (value == LAST) {
            text.append('*');
        } else {
            text.append(value);
        }
    }
}
