// SPDX-License-Identifier: Apache-2.0

package org.postino.imap;

import java.io.IOException;
import java.io.Reader;

/// Reads a text in stretches, each folded by itself, which together are the folded text ([Casemap#fold]).
public final class FoldedText {
    private static final int CHUNK = 8192;

    /// The marks that may follow one character; with more the text is cut anywhere.
    private static final int MOST_MARKS = 64;

    private FoldedText() {}

    /// Takes stretches of a text.
    @FunctionalInterface
    public interface Taker {
        /// Returns true to take no more.
        boolean take(String folded) throws IOException;
    }

    /// Reads until the taker has enough or the reader ends.
    ///
    /// @return true if the taker had enough
    public static boolean read(Reader reader, Taker taker) throws IOException {
        char[] chunk = new char[CHUNK];
        int kept = 0;
        while (true) {
            int n = reader.read(chunk, kept, CHUNK - kept);
            if (n < 0) {
                return taker.take(Casemap.fold(new String(chunk, 0, kept)));
            }
            int have = kept + n;
            int cut = cut(chunk, have);
            if (taker.take(Casemap.fold(new String(chunk, 0, cut)))) {
                return true;
            }
            kept = have - cut;
            System.arraycopy(chunk, cut, chunk, 0, kept);
        }
    }

    /// The end of what can be folded now: what a combining mark may still follow waits.
    private static int cut(char[] chunk, int have) {
        int cut = have;
        while (cut > 0 && have - cut < MOST_MARKS && !isBase(chunk[cut - 1])) {
            cut--;
        }
        if (cut > 1 && chunk[cut - 1] >= 0x80) {
            cut--;
        }
        return cut == 0 || have - cut > CHUNK / 2 ? have : cut;
    }

    private static boolean isBase(char c) {
        return c < 0x80
                || (Character.getType(c) != Character.NON_SPACING_MARK
                        && !Character.isSurrogate(c));
    }
}
