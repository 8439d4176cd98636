// SPDX-License-Identifier: Apache-2.0

package org.postino.indexer;

import java.nio.ByteBuffer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.Term;
import org.apache.lucene.util.BytesRef;
import org.postino.fts.TextQuery;

/// The fields of a message's document in the index.
final class IndexFields {
    /// The UID as a number.
    static final String UID = "uid";

    /// Words of texts and of the subject, folded.
    static final String WORDS = "w";

    static final String SUBJECT = "s";

    /// The UID as a term, by which the message is removed.
    private static final String KEY = "u";

    /// Marks messages of which not all is known.
    static final Term UNKNOWN = new Term("x", "1");

    private static final FieldType GRAMS = type(IndexOptions.DOCS, false);
    private static final FieldType RANKED = type(IndexOptions.DOCS_AND_FREQS, true);

    private IndexFields() {}

    private static FieldType type(IndexOptions options, boolean norms) {
        var type = new FieldType();
        type.setTokenized(true);
        type.setIndexOptions(options);
        type.setOmitNorms(!norms);
        type.freeze();
        return type;
    }

    /// The field with the [Grams] of a place.
    static String of(TextQuery.Place place) {
        return switch (place) {
            case HEADER -> "h";
            case BODY -> "b";
        };
    }

    static Term key(long uid) {
        return new Term(KEY, bytes(uid));
    }

    private static BytesRef bytes(long uid) {
        return new BytesRef(ByteBuffer.allocate(8).putLong(uid).array());
    }

    static Document document(long uid, IndexedTexts texts) {
        var document = new Document();
        document.add(new StringField(KEY, bytes(uid), Field.Store.NO));
        document.add(new NumericDocValuesField(UID, uid));
        if (texts.isUnknown()) {
            document.add(new StringField(UNKNOWN.field(), UNKNOWN.bytes(), Field.Store.NO));
        } else {
            for (var place : TextQuery.Place.values()) {
                document.add(new Field(of(place), new GramStream(texts.grams(place)), GRAMS));
            }
        }
        document.add(new Field(SUBJECT, texts.subject(), RANKED));
        document.add(new Field(WORDS, texts.words(), RANKED));
        return document;
    }
}
