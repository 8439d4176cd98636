// SPDX-License-Identifier: Apache-2.0

package org.postino.imap;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Puts threads of one subject together (RFC 5256, 3, REFERENCES, step 5).
public final class SubjectMerge {
    private final Map<String, ThreadNode> bySubject = new HashMap<>();
    private final Set<ThreadNode> tops;

    private SubjectMerge(List<ThreadNode> threads) {
        tops = new LinkedHashSet<>(threads);
    }

    /// Merges threads; those that come of it are in no order.
    ///
    /// @param threads in order, as are the children of those without a message
    static List<ThreadNode> merge(List<ThreadNode> threads) {
        var merge = new SubjectMerge(threads);
        threads.forEach(merge::gather);
        threads.forEach(merge::join);
        return new ArrayList<>(merge.tops);
    }

    /// Chooses for each subject the thread that takes up the others.
    private void gather(ThreadNode thread) {
        var subject = thread.first().subject();
        if (subject.isEmpty()) {
            return;
        }
        var other = bySubject.putIfAbsent(subject, thread);
        if (other != null
                && other.message() != null
                && (thread.message() == null || (answers(other) && !answers(thread)))) {
            bySubject.put(subject, thread);
        }
    }

    private static boolean answers(ThreadNode thread) {
        var message = thread.message();
        return message != null && message.answers();
    }

    private void join(ThreadNode thread) {
        var subject = thread.first().subject();
        var other = bySubject.get(subject);
        if (other == null || thread.equals(other)) {
            return;
        }
        tops.remove(thread);
        if (other.message() == null && thread.message() == null) {
            other.children().addAll(thread.children());
        } else if (other.message() == null || (answers(thread) && !answers(other))) {
            other.children().add(thread);
        } else {
            var both = ThreadNode.withoutMessage();
            both.children().add(other);
            both.children().add(thread);
            tops.remove(other);
            tops.add(both);
            bySubject.put(subject, both);
        }
    }
}
