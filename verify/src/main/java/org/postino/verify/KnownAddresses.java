// SPDX-License-Identifier: Apache-2.0

package org.postino.verify;

import java.util.Collection;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.postino.util.BoundedMap;

/// The results known of addresses, oldest first: so many at most, and so much of them. Strangers choose addresses, and what their servers say of
/// them. Owned by [Addresses].
final class KnownAddresses {
    /// The longest text that is kept of a result.
    static final int LONGEST = 250;

    private static final int MOST = 50_000;

    /// The most characters of all addresses and texts together.
    private static final long MOST_CHARACTERS = 8_000_000;

    private final BoundedMap<String, Knowledge> known = BoundedMap.byAge(MOST, MOST_CHARACTERS);

    @Nullable Knowledge get(String address) {
        return known.get(address);
    }

    /// Puts a result in the place of the one before, and forgets the oldest if there is no room.
    void put(String address, Knowledge k) {
        String text = k.text();
        var kept =
                new Knowledge(
                        k.status(),
                        text.substring(0, Math.min(text.length(), LONGEST)),
                        k.updated());
        known.put(address, kept, (long) address.length() + kept.text().length());
    }

    void removeIf(Predicate<Knowledge> old) {
        known.removeIf(entry -> old.test(entry.value()));
    }

    void clear() {
        known.clear();
    }

    int size() {
        return known.size();
    }

    /// All of it, oldest result first; changes with this.
    Collection<BoundedMap.Entry<String, Knowledge>> all() {
        return known.entries();
    }
}
