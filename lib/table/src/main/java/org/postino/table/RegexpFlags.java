// SPDX-License-Identifier: Apache-2.0

package org.postino.table;

import java.util.regex.Pattern;
import org.postino.config.ValueException;

/// The letters behind a pattern, each of which turns round a default.
///
/// @param ignoreCase upper and lower case are the same; a default
/// @param multiline `^` and `$` match at each line; in a `regexp:` table `.` and `[^ ]` then match no line end
/// @param dotAll `.` matches a line end
/// @param extended blanks and comments in a `pcre:` pattern do not count; a `regexp:` pattern is an extended one, which is a default
/// @param anchored the pattern has to match at the beginning
/// @param dollarEnd `$` does not match before a line end
/// @param ungreedy quantifiers take as little as they can, unless `?` follows
record RegexpFlags(
        boolean ignoreCase,
        boolean multiline,
        boolean dotAll,
        boolean extended,
        boolean anchored,
        boolean dollarEnd,
        boolean ungreedy) {

    static RegexpFlags posix(String letters) throws ValueException {
        boolean i = true;
        boolean m = false;
        boolean x = true;
        for (int at = 0; at < letters.length(); at++) {
            switch (letters.charAt(at)) {
                case 'i' -> i = !i;
                case 'm' -> m = !m;
                case 'x' -> x = !x;
                default -> throw unknown("regexp", letters.charAt(at));
            }
        }
        return new RegexpFlags(i, m, !m, x, false, true, false);
    }

    static RegexpFlags pcre(String letters) throws ValueException {
        boolean i = true;
        boolean m = false;
        boolean s = true;
        boolean x = false;
        boolean anchored = false;
        boolean dollarEnd = false;
        boolean ungreedy = false;
        for (int at = 0; at < letters.length(); at++) {
            switch (letters.charAt(at)) {
                case 'i' -> i = !i;
                case 'm' -> m = !m;
                case 's' -> s = !s;
                case 'x' -> x = !x;
                case 'A' -> anchored = !anchored;
                case 'E' -> dollarEnd = !dollarEnd;
                case 'U' -> ungreedy = !ungreedy;
                case 'X' -> {} // was for errors that are errors anyway
                default -> throw unknown("PCRE", letters.charAt(at));
            }
        }
        return new RegexpFlags(i, m, s, x, anchored, dollarEnd, ungreedy);
    }

    private static ValueException unknown(String what, char letter) {
        return new ValueException(
                "unknown " + what + " option \"" + letter + "\": skipping this rule");
    }

    /// The flags of [Pattern] for what a translated pattern does not say itself.
    ///
    /// @param comments `extended` is Java's COMMENTS
    int java(boolean comments) {
        return (ignoreCase ? Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE : 0)
                | (multiline ? Pattern.MULTILINE : 0)
                | (dotAll ? Pattern.DOTALL : 0)
                | (extended && comments ? Pattern.COMMENTS : 0)
                | Pattern.UNIX_LINES;
    }
}
