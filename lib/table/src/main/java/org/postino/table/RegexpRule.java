// SPDX-License-Identifier: Apache-2.0

package org.postino.table;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A line of a table of patterns.
///
/// @param anchored the pattern has to match at the beginning of a text
/// @param negative the line counts for a text that its pattern does not match
/// @param value what the line gives; null if it is an `if`
/// @param line its number in the file
/// @param end the index of the rule behind the block, of an `if`
record RegexpRule(
        Pattern pattern,
        boolean anchored,
        boolean negative,
        @Nullable Replacement value,
        int line,
        int end) {

    boolean isCondition() {
        return value == null;
    }

    RegexpRule withEnd(int index) {
        return new RegexpRule(pattern, anchored, negative, value, line, index);
    }

    /// Searches for the pattern.
    boolean find(Matcher matcher) {
        return anchored ? matcher.lookingAt() : matcher.find();
    }
}
