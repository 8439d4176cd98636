// SPDX-License-Identifier: Apache-2.0

package org.postino.global.config;

import java.util.Collection;
import java.util.Optional;

/// Guesses which word was meant.
public final class Spelling {
    private Spelling() {}

    /// The candidate that differs least from a word; empty if all differ much.
    public static Optional<String> closest(String word, Collection<String> candidates) {
        String best = null;
        int least = 1 + Math.min(4, word.length() / 3);
        for (String candidate : candidates) {
            int distance = distance(word, candidate, least);
            if (distance < least) {
                least = distance;
                best = candidate;
            }
        }
        return Optional.ofNullable(best);
    }

    /// How many letters must be changed, added or left out; `limit` if more.
    private static int distance(String a, String b, int limit) {
        if (Math.abs(a.length() - b.length()) >= limit) {
            return limit;
        }
        var previous = new int[b.length() + 1];
        var current = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                current[j] =
                        Math.min(
                                previous[j - 1] + change,
                                1 + Math.min(previous[j], current[j - 1]));
            }
            var swap = previous;
            previous = current;
            current = swap;
        }
        return Math.min(limit, previous[b.length()]);
    }
}
