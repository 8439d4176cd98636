// SPDX-License-Identifier: Apache-2.0

package org.postino.imap;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.postino.message.HeaderBlock;
import org.postino.message.MessageIds;

/// The ways in which THREAD finds out what belongs together (RFC 5256, 3; REFS is REFERENCES by identifiers alone, the thread with the
/// latest message last).
public enum ThreadAlgorithm {
    ORDEREDSUBJECT {
        @Override
        public Threads begin() {
            return new Subjects();
        }
    },
    REFERENCES {
        @Override
        public Threads begin() {
            return new References(true);
        }
    },
    REFS {
        @Override
        public Threads begin() {
            return new References(false);
        }
    };

    /// The fields with identifiers, those of earlier messages first.
    static final List<String> IDENTIFIERS = List.of("References", "In-Reply-To", "Message-ID");

    private static final NavigableSet<String> FIELDS = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

    static {
        FIELDS.addAll(List.of("Date", "Subject"));
        FIELDS.addAll(IDENTIFIERS);
    }

    /// The fields of a message that must be there.
    public static NavigableSet<String> fields() {
        return FIELDS;
    }

    /// The identifiers in a field, in their order.
    static List<String> ids(HeaderBlock header, String field) {
        var value = header.last(field);
        return value == null ? List.of() : MessageIds.of(value);
    }

    /// Begins with no message.
    public abstract Threads begin();

    /// Threads that are being made, message by message in the order of numbers.
    public sealed interface Threads {
        void add(ThreadNode.Message message, HeaderBlock header);

        /// The threads in their order.
        List<ThreadNode> end();
    }

    /// One subject, one thread: the first message, and all others below it.
    private static final class Subjects implements Threads {
        private static final Comparator<ThreadNode.Message> ORDER =
                Comparator.comparing(ThreadNode.Message::subject, Casemap::compare)
                        .thenComparingLong(ThreadNode.Message::sent)
                        .thenComparingInt(ThreadNode.Message::number);

        private final List<ThreadNode.Message> messages = new ArrayList<>();

        @Override
        public void add(ThreadNode.Message message, HeaderBlock header) {
            messages.add(message);
        }

        @Override
        public List<ThreadNode> end() {
            messages.sort(ORDER);
            var threads = new ArrayList<ThreadNode>();
            for (var message : messages) {
                var last = threads.isEmpty() ? null : threads.getLast();
                if (last != null && last.first().subject().equals(message.subject())) {
                    last.children().add(ThreadNode.of(message));
                } else {
                    threads.add(ThreadNode.of(message));
                }
            }
            threads.sort(ThreadNode.BY_DATE);
            return threads;
        }
    }

    private static final class References implements Threads {
        private final boolean bySubject;
        private final ReferenceLinks links = new ReferenceLinks();

        References(boolean bySubject) {
            this.bySubject = bySubject;
        }

        @Override
        public void add(ThreadNode.Message message, HeaderBlock header) {
            var own = ids(header, "Message-ID");
            var references = ids(header, "References");
            if (references.isEmpty()) {
                var answered = ids(header, "In-Reply-To");
                references = answered.subList(0, Math.min(1, answered.size()));
            }
            links.add(message, own.isEmpty() ? null : own.getFirst(), references);
        }

        @Override
        public List<ThreadNode> end() {
            var threads = links.threads();
            sortSiblings(threads);
            if (!bySubject) {
                LatestDates.sort(threads);
                return threads;
            }
            threads.sort(ThreadNode.BY_DATE);
            var merged = SubjectMerge.merge(threads);
            sortSiblings(merged);
            merged.sort(ThreadNode.BY_DATE);
            return merged;
        }

        private static void sortSiblings(List<ThreadNode> threads) {
            for (var node : ThreadNode.all(threads)) {
                node.children().sort(ThreadNode.BY_DATE);
            }
        }
    }
}
