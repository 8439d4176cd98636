// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.util.Optional;

/// "Did you mean": the known name that is nearest to an unknown one.
final class Suggest {
    private Suggest() {}

    /// The nearest of `names`, if it is near enough to be meant; of equally near ones the first in alphabetical order.
    static Optional<String> nearest(String name, Iterable<String> names) {
        int best = Math.min(4, 1 + name.length() / 5) + 1;
        String found = null;
        for (var other : names) {
            int distance = distance(name, other, best);
            if (distance < best
                    || (distance == best && found != null && other.compareTo(found) < 0)) {
                best = distance;
                found = other;
            }
        }
        return Optional.ofNullable(found);
    }

    /// The number of letters to put in, leave out, change, or swap with the next; `limit` + 1 if more than `limit`.
    static int distance(String a, String b, int limit) {
        if (Math.abs(a.length() - b.length()) > limit) {
            return limit + 1;
        }
        int[] before = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(change, Math.min(last[j], row[j - 1]) + 1);
                if (i > 1
                        && j > 1
                        && a.charAt(i - 1) == b.charAt(j - 2)
                        && a.charAt(i - 2) == b.charAt(j - 1)) {
                    row[j] = Math.min(row[j], before[j - 2] + 1);
                }
            }
            int[] free = before;
            before = last;
            last = row;
            row = free;
        }
        return last[b.length()];
    }
}
