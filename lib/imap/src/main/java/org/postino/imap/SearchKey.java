// SPDX-License-Identifier: Apache-2.0

package org.postino.imap;

import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import org.postino.mailstore.Flag;

/// A condition of SEARCH (RFC 3501, 6.4.4), as parsed.
public sealed interface SearchKey {
    /// The part of a message that a key must read; conditions are tried in this order.
    enum Cost {
        NOTHING,
        STAT,
        HEADER,
        BODY
    }

    Cost cost();

    /// A condition about what is known of a message without its file.
    sealed interface Known extends SearchKey {
        @Override
        default Cost cost() {
            return Cost.NOTHING;
        }
    }

    record All() implements Known {}

    record Numbers(SequenceSet set, boolean uid) implements Known {}

    /// A flag that is there, or is not.
    record HasFlag(Flag flag, boolean set) implements Known {}

    /// A keyword that is there, or is not.
    record Keyword(String name, boolean set) implements Known {}

    record Recent() implements Known {}

    /// A mod-sequence that is at least this (RFC 7162, 3.1.5).
    record ModSeq(long least) implements Known {}

    /// Size in octets above or below a limit.
    record Size(boolean larger, long octets) implements SearchKey {
        @Override
        public Cost cost() {
            return Cost.STAT;
        }
    }

    enum When {
        BEFORE,
        ON,
        SINCE
    }

    /// A day.
    ///
    /// @param sent the Date field, else the internal date
    record Dated(When when, boolean sent, LocalDate date) implements SearchKey {
        @Override
        public Cost cost() {
            return sent ? Cost.HEADER : Cost.STAT;
        }
    }

    /// The day on which it was put into the mailbox (RFC 8514, 4.3); the internal date where nothing tells.
    record Saved(When when, LocalDate date) implements SearchKey {
        @Override
        public Cost cost() {
            return Cost.STAT;
        }
    }

    /// A date of saving is known.
    record HasSaveDate() implements Known {}

    /// OLDER and YOUNGER (RFC 5032).
    record Age(boolean older, Duration age) implements SearchKey {
        @Override
        public Cost cost() {
            return Cost.STAT;
        }
    }

    /// An identifier of the content or of the thread (RFC 8474, 6).
    record ObjectId(boolean thread, String id) implements SearchKey {
        @Override
        public Cost cost() {
            return thread ? Cost.HEADER : Cost.BODY;
        }
    }

    /// A field that contains the text; with an empty text, a field that is there.
    record Header(String field, TextMatcher text) implements SearchKey {
        @Override
        public Cost cost() {
            return Cost.HEADER;
        }
    }

    /// An address of a field of the envelope that contains the text, or the field's own text does.
    record Addressed(String field, TextMatcher text) implements SearchKey {
        @Override
        public Cost cost() {
            return Cost.HEADER;
        }
    }

    /// A text anywhere in the message.
    ///
    /// @param headers look into the header too: TEXT instead of BODY
    record Text(TextMatcher text, boolean headers) implements SearchKey {
        @Override
        public Cost cost() {
            return Cost.BODY;
        }
    }

    record Not(SearchKey key) implements SearchKey {
        @Override
        public Cost cost() {
            return key.cost();
        }
    }

    record Or(SearchKey one, SearchKey other) implements SearchKey {
        @Override
        public Cost cost() {
            return one.cost().compareTo(other.cost()) > 0 ? one.cost() : other.cost();
        }
    }

    /// All of them, cheapest first.
    record And(List<SearchKey> keys) implements SearchKey {
        public And {
            keys = keys.stream().sorted((a, b) -> a.cost().compareTo(b.cost())).toList();
        }

        @Override
        public Cost cost() {
            return keys.isEmpty() ? Cost.NOTHING : keys.getLast().cost();
        }
    }
}
