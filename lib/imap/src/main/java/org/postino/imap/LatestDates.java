// SPDX-License-Identifier: Apache-2.0

package org.postino.imap;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;

/// Orders threads by the latest message of each.
public final class LatestDates {
    private LatestDates() {}

    static void sort(List<ThreadNode> threads) {
        var latest = new HashMap<ThreadNode, Long>();
        for (var thread : threads) {
            long date = Long.MIN_VALUE;
            for (var node : ThreadNode.all(List.of(thread))) {
                date = Math.max(date, node.first().sent());
            }
            latest.put(thread, date);
        }
        threads.sort(
                Comparator.comparingLong((ThreadNode thread) -> latest.getOrDefault(thread, 0L))
                        .thenComparing(ThreadNode.BY_DATE));
    }
}
