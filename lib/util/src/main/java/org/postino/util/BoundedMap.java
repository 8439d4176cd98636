// SPDX-License-Identifier: Apache-2.0

package org.postino.util;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Values by key, so many at most, and of so much weight in all: what strangers choose cannot fill the memory. The oldest entries go first; the last one
/// stays whatever it weighs. Not safe for several threads.
public final class BoundedMap<K, V> {
    private final Map<K, Entry<K, V>> entries;
    private final int most;
    private final long bound;
    private long weight;

    /// A key and its value.
    ///
    /// @param weight in the unit of the map's bound
    public record Entry<K, V>(K key, V value, long weight) {}

    private BoundedMap(int most, long bound, boolean byUse) {
        this.entries = new LinkedHashMap<>(16, 0.75f, byUse);
        this.most = most;
        this.bound = bound;
    }

    /// A map in which the entries are oldest that were put first.
    public static <K, V> BoundedMap<K, V> byAge(int most, long bound) {
        return new BoundedMap<>(most, bound, false);
    }

    /// A map in which the entries are oldest that nobody has asked for longest.
    public static <K, V> BoundedMap<K, V> byUse(int most, long bound) {
        return new BoundedMap<>(most, bound, true);
    }

    public @Nullable V get(K key) {
        Entry<K, V> found = entries.get(key);
        return found == null ? null : found.value;
    }

    /// Puts a value in the place of the one before, as the youngest.
    public void put(K key, V value, long itsWeight) {
        remove(key);
        entries.put(key, new Entry<>(key, value, itsWeight));
        weight += itsWeight;
        while (entries.size() > 1 && (entries.size() > most || weight > bound)) {
            remove(entries.keySet().iterator().next());
        }
    }

    public void remove(K key) {
        Entry<K, V> gone = entries.remove(key);
        weight -= gone == null ? 0 : gone.weight;
    }

    public void removeIf(Predicate<Entry<K, V>> which) {
        entries.values()
                .removeIf(entry -> {
                    boolean goes = which.test(entry);
                    weight -= goes ? entry.weight : 0;
                    return goes;
                });
    }

    public void clear() {
        entries.clear();
        weight = 0;
    }

    public int size() {
        return entries.size();
    }

    /// The weight of all entries.
    public long weight() {
        return weight;
    }

    /// All entries, the oldest first; changes with this.
    public Collection<Entry<K, V>> entries() {
        return Collections.unmodifiableCollection(entries.values());
    }
}
