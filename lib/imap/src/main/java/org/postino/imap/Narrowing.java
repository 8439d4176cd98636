// SPDX-License-Identifier: Apache-2.0

package org.postino.imap;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postino.fts.TextQuery;
import org.postino.fts.TextQuery.Place;

/// The part of a search that the full-text index can answer: a condition that every message meets which matches.
public final class Narrowing {
    private Narrowing() {}

    /// The condition; empty if the index can tell nothing. What is denied is of no use: a candidate need not contain the text.
    public static Optional<TextQuery> of(SearchKey key) {
        var query = narrowed(key);
        return query == null || !TextQuery.isAskable(query) ? Optional.empty() : Optional.of(query);
    }

    private static @Nullable TextQuery narrowed(SearchKey key) {
        return switch (key) {
            case SearchKey.Header(var _, var text) -> contains(Place.HEADER, text);
            case SearchKey.Addressed(var _, var text) -> contains(Place.HEADER, text);
            case SearchKey.Text(var text, var headers) -> {
                var body = contains(Place.BODY, text);
                var header = contains(Place.HEADER, text);
                yield headers && header != null && body != null
                        ? new TextQuery.Or(List.of(header, body))
                        : body;
            }
            case SearchKey.And(var keys) -> all(keys);
            case SearchKey.Or(var one, var other) -> any(narrowed(one), narrowed(other));
            case SearchKey.Not _,
                    SearchKey.Known _,
                    SearchKey.Size _,
                    SearchKey.Dated _,
                    SearchKey.Saved _,
                    SearchKey.Age _,
                    SearchKey.ObjectId _ ->
                    null;
        };
    }

    private static @Nullable TextQuery contains(Place place, TextMatcher text) {
        var folded = text.folded();
        return TextQuery.narrows(folded) ? new TextQuery.Contains(place, folded) : null;
    }

    private static @Nullable TextQuery all(List<SearchKey> keys) {
        var all = new ArrayList<TextQuery>();
        for (var key : keys) {
            var query = narrowed(key);
            if (query != null) {
                all.add(query);
            }
        }
        return all.isEmpty() ? null : all.size() == 1 ? all.getFirst() : new TextQuery.And(all);
    }

    private static @Nullable TextQuery any(@Nullable TextQuery one, @Nullable TextQuery other) {
        return one == null || other == null ? null : new TextQuery.Or(List.of(one, other));
    }
}
