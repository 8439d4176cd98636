// SPDX-License-Identifier: Apache-2.0

package org.postino.indexer;

import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.util.BytesRef;
import org.postino.fts.TextQuery;

/// Conditions as Lucene's queries. A text is the pieces that it has, a few if it has many: fewer pieces have more candidates and never less.
final class GramQueries {
    private static final int MOST_PIECES = 24;

    static {
        IndexSearcher.setMaxClauseCount(2 * TextQuery.MOST * MOST_PIECES);
    }

    private GramQueries() {}

    static Query of(TextQuery query) {
        return new BooleanQuery.Builder()
                .add(narrowed(query), Occur.SHOULD)
                .add(new TermQuery(IndexFields.UNKNOWN), Occur.SHOULD)
                .build();
    }

    private static Query narrowed(TextQuery query) {
        return switch (query) {
            case TextQuery.Contains(var place, var text) -> pieces(IndexFields.of(place), text);
            case TextQuery.And(var all) -> joined(all, Occur.FILTER);
            case TextQuery.Or(var any) -> joined(any, Occur.SHOULD);
        };
    }

    private static Query joined(List<TextQuery> queries, Occur occur) {
        var joined = new BooleanQuery.Builder();
        for (var query : queries) {
            joined.add(narrowed(query), occur);
        }
        return joined.build();
    }

    private static Query pieces(String field, String text) {
        var pieces = new ArrayList<BytesRef>();
        Grams.of(text, pieces::add);
        var all = new BooleanQuery.Builder();
        double step = Math.max(1, (double) pieces.size() / MOST_PIECES);
        for (double at = 0; at < pieces.size(); at += step) {
            all.add(new TermQuery(new Term(field, pieces.get((int) at))), Occur.FILTER);
        }
        return all.build();
    }
}
