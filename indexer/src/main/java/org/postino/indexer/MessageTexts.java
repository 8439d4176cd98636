// SPDX-License-Identifier: Apache-2.0

package org.postino.indexer;

import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;
import org.postino.fts.TextQuery.Place;
import org.postino.imap.Casemap;
import org.postino.imap.FoldedText;
import org.postino.imap.SearchedTexts;
import org.postino.mailstore.Mailbox;
import org.postino.message.HtmlText;
import org.postino.message.MimePart;

/// Collects the texts of a message: all that SEARCH looks at, and the words that people read.
final class MessageTexts implements MailboxIndexing.Source {
    private static final String SUBJECT = "Subject: ";

    /// The most characters of a message's texts.
    private static final long LONGEST = 32 << 20;

    @Override
    public IndexedTexts texts(Mailbox mailbox, long uid) throws IOException {
        var collecting = new Collecting();
        SearchedTexts.showAll(mailbox, uid, collecting);
        return collecting.texts;
    }

    private static final class Collecting implements SearchedTexts.Visitor {
        private final IndexedTexts texts = new IndexedTexts();
        private long length;

        @Override
        public boolean field(String text) {
            var grams = texts.grams(Place.HEADER);
            grams.startText();
            grams.add(Casemap.fold(text));
            if (text.regionMatches(true, 0, SUBJECT, 0, SUBJECT.length())) {
                texts.addWords(text.substring(SUBJECT.length()), true);
            }
            return isEnough(text.length());
        }

        @Override
        public boolean text(MimePart part, Reader text) throws IOException {
            var grams = texts.grams(Place.BODY);
            grams.startText();
            try (var heard = new Heard(text)) {
                boolean enough =
                        FoldedText.read(
                                heard,
                                folded -> {
                                    grams.add(folded);
                                    return isEnough(folded.length());
                                });
                var words = heard.beginning.toString();
                texts.addWords(part.type().is("text", "html") ? HtmlText.of(words) : words, false);
                return enough;
            }
        }

        /// More would change nothing: the message may contain anything.
        private boolean isEnough(int more) {
            length += more;
            if (length > LONGEST) {
                texts.setUnknown();
            }
            return texts.isUnknown();
        }
    }

    /// Keeps the beginning of what is read.
    private static final class Heard extends FilterReader {
        private final StringBuilder beginning = new StringBuilder();

        Heard(Reader text) {
            super(text);
        }

        @Override
        public int read(char[] chars, int offset, int length) throws IOException {
            int n = in.read(chars, offset, length);
            int room = IndexedTexts.MOST_WORDS - beginning.length();
            if (n > 0 && room > 0) {
                beginning.append(chars, offset, Math.min(n, room));
            }
            return n;
        }
    }
}
