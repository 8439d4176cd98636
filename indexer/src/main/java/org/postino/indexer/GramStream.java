// SPDX-License-Identifier: Apache-2.0

package org.postino.indexer;

import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.BytesTermAttribute;
import org.apache.lucene.util.BytesRef;

/// Gives the pieces of a message to Lucene.
final class GramStream extends TokenStream {
    private final BytesTermAttribute term = addAttribute(BytesTermAttribute.class);
    private final BytesRef bytes = new BytesRef(9);
    private final long[] grams;
    private int next;

    GramStream(Grams grams) {
        this.grams = grams.all();
    }

    @Override
    public boolean incrementToken() {
        if (next == grams.length) {
            return false;
        }
        clearAttributes();
        Grams.write(grams[next++], bytes);
        term.setBytesRef(bytes);
        return true;
    }
}
