// SPDX-License-Identifier: Apache-2.0

package org.postino.table;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Tells in one pass over a text which of many patterns can match it at all, by texts that each of them requires ([RequiredText]).
///
/// Each required text has three letters of it in a hash table, those that the fewest others have. Where three letters of the text are found there, the rest is compared.
/// Nothing changes once it is made, so that several threads may use it.
final class LiteralIndex {
    private static final int GRAM = 3;

    /// A text, `from` letters behind whose beginning its three letters stand, and the rules that require it.
    private record Entry(String text, int from, List<Integer> rules) {}

    private final BitSet always;
    private final int size;
    private final List<Entry> entries;

    /// For each hash of three letters 1 + the index of an entry, 0 for none; and the next entry of the same hash.
    private final int[] heads;

    private final int[] next;

    /// @param required for each rule the sets of which it requires one text each; of a rule without any the index knows nothing
    LiteralIndex(List<List<Set<String>>> required) {
        size = required.size();
        always = new BitSet(size);
        Map<String, Integer> shared = count(required);
        Map<String, List<Integer>> rules = new HashMap<>();
        for (int i = 0; i < size; i++) {
            Set<String> best = best(required.get(i), shared);
            if (best == null) {
                always.set(i);
            } else {
                for (String text : best) {
                    rules.computeIfAbsent(text, _ -> new ArrayList<>()).add(i);
                }
            }
        }
        heads = new int[Math.max(64, Integer.highestOneBit(rules.size() + 1) * 8)];
        next = new int[rules.size()];
        entries = List.copyOf(entries(rules));
    }

    private List<Entry> entries(Map<String, List<Integer>> rules) {
        int[] load = new int[heads.length];
        var made = new ArrayList<Entry>();
        for (var rule : rules.entrySet()) {
            String text = rule.getKey();
            int from = 0;
            for (int i = 1; i <= text.length() - GRAM; i++) {
                from = load[slot(text, i)] < load[slot(text, from)] ? i : from;
            }
            int slot = slot(text, from);
            load[slot]++;
            next[made.size()] = heads[slot];
            made.add(new Entry(text, from, List.copyOf(rule.getValue())));
            heads[slot] = made.size();
        }
        return made;
    }

    private int slot(CharSequence text, int i) {
        int hash = (text.charAt(i) * 31 + text.charAt(i + 1)) * 31 + text.charAt(i + 2);
        return (hash * 0x9E3779B1) >>> 16 & (heads.length - 1);
    }

    private static Map<String, Integer> count(List<List<Set<String>>> required) {
        Map<String, Integer> shared = new HashMap<>();
        for (var sets : required) {
            for (var set : sets) {
                for (String text : set) {
                    shared.merge(text, 1, Integer::sum);
                }
            }
        }
        return shared;
    }

    /// The set whose texts the fewest rules have, the name of a field being common to many; of several the one with the longest texts.
    private static @Nullable Set<String> best(List<Set<String>> sets, Map<String, Integer> shared) {
        Set<String> best = null;
        int least = 0;
        int longest = 0;
        for (var set : sets) {
            int others = 0;
            for (String text : set) {
                others += shared.getOrDefault(text, 0);
            }
            int length = RequiredText.shortest(set);
            boolean better = others < least || (others == least && length > longest);
            if (length >= GRAM && (best == null || better)) {
                best = set;
                least = others;
                longest = length;
            }
        }
        return best;
    }

    /// The rules that a text may match: none that is missing here does.
    BitSet candidates(CharSequence text) {
        var found = (BitSet) always.clone();
        int length = text.length();
        if (entries.isEmpty() || length < GRAM) {
            return found;
        }
        char[] folded = new char[length];
        for (int i = 0; i < length; i++) {
            folded[i] = RequiredText.fold(text.charAt(i));
        }
        int mask = heads.length - 1;
        int hash = folded[0] * 31 + folded[1];
        for (int i = 0; i + GRAM <= length; i++) {
            int all = hash * 31 + folded[i + 2];
            int at = heads[(all * 0x9E3779B1) >>> 16 & mask];
            hash = folded[i + 1] * 31 + folded[i + 2];
            while (at > 0) {
                Entry entry = entries.get(at - 1);
                if (stands(entry.text(), folded, i - entry.from())) {
                    entry.rules().forEach(found::set);
                }
                at = next[at - 1];
            }
        }
        return found;
    }

    private static boolean stands(String text, char[] folded, int start) {
        if (start < 0 || start + text.length() > folded.length) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (folded[start + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
