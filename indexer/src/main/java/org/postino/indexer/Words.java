// SPDX-License-Identifier: Apache-2.0

package org.postino.indexer;

import java.text.Normalizer;
import java.util.Locale;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.standard.StandardTokenizer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;

/// Takes texts apart into words, in the way of Unicode (UAX 29), without case and accents. A character of the scripts without blanks is a word.
final class Words extends Analyzer {
    /// Longer ones are cut into several.
    private static final int LONGEST = 64;

    @Override
    protected TokenStreamComponents createComponents(String field) {
        var words = new StandardTokenizer();
        words.setMaxTokenLength(LONGEST);
        return new TokenStreamComponents(words, new Folding(words));
    }

    private static final class Folding extends TokenFilter {
        private final CharTermAttribute term = addAttribute(CharTermAttribute.class);

        Folding(TokenStream words) {
            super(words);
        }

        @Override
        public boolean incrementToken() throws java.io.IOException {
            if (!input.incrementToken()) {
                return false;
            }
            fold();
            return true;
        }

        private void fold() {
            boolean isPlain = true;
            for (int i = 0; i < term.length(); i++) {
                char c = term.charAt(i);
                isPlain = isPlain && c < 0x80;
                if (c >= 'A' && c <= 'Z') {
                    term.buffer()[i] = (char) (c + 32);
                }
            }
            if (!isPlain) {
                var folded = folded(term.toString());
                term.setEmpty().append(folded);
            }
        }

        private static StringBuilder folded(String word) {
            var apart = Normalizer.normalize(word.toLowerCase(Locale.ROOT), Normalizer.Form.NFKD);
            var folded = new StringBuilder(apart.length());
            apart.codePoints()
                    .filter(c -> Character.getType(c) != Character.NON_SPACING_MARK)
                    .forEach(folded::appendCodePoint);
            return folded;
        }
    }
}
