// SPDX-License-Identifier: Apache-2.0

package org.postino.verify;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The results known of addresses, oldest first: so many at most, and so much of them. Strangers choose addresses, and what their servers say of
/// them. Owned by [Addresses].
final class KnownAddresses {
    /// The longest text that is kept of a result.
    static final int LONGEST = 250;

    private static final int MOST = 50_000;

    /// The most characters of all addresses and texts together.
    private static final long MOST_CHARACTERS = 8_000_000;

    private final Map<String, Knowledge> known = new LinkedHashMap<>();
    private long characters;

    @Nullable Knowledge get(String address) {
        return known.get(address);
    }

    /// Puts a result in the place of the one before, and forgets the oldest if there is no room.
    void put(String address, Knowledge k) {
        remove(address);
        String text = k.text();
        var kept =
                new Knowledge(
                        k.status(),
                        text.substring(0, Math.min(text.length(), LONGEST)),
                        k.updated());
        known.put(address, kept);
        characters += characters(address, kept);
        while (known.size() > MOST || (characters > MOST_CHARACTERS && known.size() > 1)) {
            remove(known.keySet().iterator().next());
        }
    }

    private void remove(String address) {
        Knowledge gone = known.remove(address);
        characters -= gone == null ? 0 : characters(address, gone);
    }

    private static long characters(String address, Knowledge k) {
        return (long) address.length() + k.text().length();
    }

    void removeIf(Predicate<Knowledge> old) {
        known.values().removeIf(old);
        characters = 0;
        known.forEach((address, k) -> characters += characters(address, k));
    }

    void clear() {
        known.clear();
        characters = 0;
    }

    int size() {
        return known.size();
    }

    /// All of it, oldest result first; changes with this.
    Map<String, Knowledge> all() {
        return known;
    }
}
