// SPDX-License-Identifier: Apache-2.0

package org.postino.indexer;

import org.postino.fts.TextQuery;

/// The pieces and words of one message, while they are being collected.
final class IndexedTexts {
    /// The most characters of a message's words, by which fuzzy search ranks it.
    static final int MOST_WORDS = 1 << 18;

    private final Grams header = new Grams();
    private final Grams body = new Grams();
    private final StringBuilder subject = new StringBuilder();
    private final StringBuilder words = new StringBuilder();
    private boolean unknown;

    /// The pieces of the texts in one place.
    Grams grams(TextQuery.Place place) {
        return switch (place) {
            case HEADER -> header;
            case BODY -> body;
        };
    }

    /// Adds words that people read.
    void addWords(CharSequence text, boolean isSubject) {
        var to = isSubject ? subject : words;
        int room = MOST_WORDS - to.length();
        if (room > 0) {
            to.append(text, 0, Math.min(room, text.length())).append(' ');
        }
    }

    String subject() {
        return subject.toString();
    }

    String words() {
        return words.toString();
    }

    /// Says that not all of the message is known: it may contain anything.
    void setUnknown() {
        unknown = true;
    }

    boolean isUnknown() {
        return unknown || header.isFull() || body.isFull();
    }
}
