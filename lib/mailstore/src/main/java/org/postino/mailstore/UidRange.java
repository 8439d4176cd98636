// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.util.ArrayList;
import java.util.List;

/// UIDs from `first` to `last`, both included.
public record UidRange(long first, long last) {
    /// The shortest list of ranges for UIDs that come in ascending order.
    static final class Builder {
        private final List<UidRange> ranges = new ArrayList<>();

        /// Adds a range that begins behind, within or right after the last one.
        void add(long first, long last) {
            int end = ranges.size() - 1;
            if (end >= 0 && first <= ranges.get(end).last() + 1) {
                var before = ranges.get(end);
                ranges.set(end, new UidRange(before.first(), Math.max(before.last(), last)));
            } else {
                ranges.add(new UidRange(first, last));
            }
        }

        List<UidRange> ranges() {
            return ranges;
        }
    }
}
