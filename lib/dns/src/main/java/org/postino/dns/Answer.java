// SPDX-License-Identifier: Apache-2.0

package org.postino.dns;

import java.util.List;

/// The answer of the domain name system to one question.
public sealed interface Answer<T> {
    /// There are records, at least one.
    record Found<T>(List<T> records) implements Answer<T> {
        public Found {
            records = List.copyOf(records);
        }
    }

    /// The name does not exist (NXDOMAIN).
    record NoSuchDomain<T>() implements Answer<T> {}

    /// The name exists but has no record of this type.
    record NoData<T>() implements Answer<T> {}

    /// No server gave a usable answer: to be asked again later.
    record TempFail<T>(String reason) implements Answer<T> {}

    /// The records, or none if there are none for whatever reason.
    default List<T> records() {
        return List.of();
    }

    /// True if it is not known today if there are records.
    default boolean isTemporary() {
        return this instanceof TempFail;
    }

    /// Turns this answer into one to a question of another type; not for [Found].
    default <U> Answer<U> as() {
        return switch (this) {
            case Found<T> _ -> throw new IllegalStateException("records of another type");
            case NoSuchDomain<T> _ -> new NoSuchDomain<>();
            case NoData<T> _ -> new NoData<>();
            case TempFail<T>(var reason) -> new TempFail<>(reason);
        };
    }
}
