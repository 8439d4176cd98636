// SPDX-License-Identifier: Apache-2.0

package org.postino.imap;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Links messages to those they refer to (RFC 5256, 3, REFERENCES, steps 1 to 3).
///
/// A hostile mailbox costs no more than an honest one of its size: of messages that are not there only so many are kept, and looking
/// for loops ends after so many steps; from then on only messages that nobody has answered yet are linked.
public final class ReferenceLinks {
    private static final int NONE = -1;
    private static final int LONGEST_ID = 1000;
    private static final int MISSING = 50_000;
    private static final int ID_CHARACTERS = 1 << 24;
    private static final int STEPS = 50_000_000;

    private final Map<String, Integer> nodes = new HashMap<>();
    private final List<ThreadNode.@Nullable Message> messages = new ArrayList<>();
    private int[] parents = new int[64];
    private boolean[] answered = new boolean[64];
    private int missingLeft = MISSING;
    private int charactersLeft = ID_CHARACTERS;
    private int stepsLeft = STEPS;

    /// Takes the next message, in the order of numbers.
    ///
    /// @param id its identifier, null if it has none; only the first message of several with the same one has it
    /// @param references identifiers of earlier messages, the last one its parent
    void add(ThreadNode.Message message, @Nullable String id, List<String> references) {
        int own = own(message, id);
        int last = NONE;
        for (String reference : references) {
            int node = node(reference);
            if (node == NONE) {
                continue;
            }
            if (last != NONE && parents[node] == NONE) {
                link(last, node);
            }
            last = node;
        }
        parents[own] = NONE;
        if (last != NONE) {
            link(last, own);
        }
    }

    private int own(ThreadNode.Message message, @Nullable String id) {
        Integer node = id == null ? null : nodes.get(id);
        if (node != null && messages.get(node) == null) {
            messages.set(node, message);
            return node;
        }
        int fresh = append(message);
        if (node == null && id != null && fits(id)) {
            nodes.put(id, fresh);
        }
        return fresh;
    }

    /// The message of this identifier, which may not be there; [#NONE] if there are too many of those.
    private int node(String id) {
        Integer known = nodes.get(id);
        if (known != null) {
            return known;
        }
        if (missingLeft == 0 || !fits(id)) {
            return NONE;
        }
        missingLeft--;
        int fresh = append(null);
        nodes.put(id, fresh);
        return fresh;
    }

    private boolean fits(String id) {
        if (id.length() > LONGEST_ID || id.length() > charactersLeft) {
            return false;
        }
        charactersLeft -= id.length();
        return true;
    }

    private int append(ThreadNode.@Nullable Message message) {
        int node = messages.size();
        messages.add(message);
        if (node == parents.length) {
            parents = Arrays.copyOf(parents, 2 * node);
            answered = Arrays.copyOf(answered, 2 * node);
        }
        parents[node] = NONE;
        return node;
    }

    private void link(int parent, int child) {
        if (parent != child && !(answered[child] && isBelow(parent, child))) {
            parents[child] = parent;
            answered[parent] = true;
        }
    }

    private boolean isBelow(int node, int ancestor) {
        for (int at = node; at != NONE; at = parents[at]) {
            if (at == ancestor || stepsLeft == 0) {
                return true;
            }
            stepsLeft--;
        }
        return false;
    }

    /// The threads, in no order. Messages that are not there remain at the top alone, with two children at least.
    List<ThreadNode> threads() {
        var made = new ThreadNode[messages.size()];
        var tops = new ArrayList<ThreadNode>();
        for (int node : parentsFirst()) {
            var message = messages.get(node);
            var above = parents[node] == NONE ? null : made[parents[node]];
            if (message == null) {
                made[node] = above == null ? ThreadNode.withoutMessage() : above;
            } else {
                made[node] = ThreadNode.of(message);
            }
            if (above == null) {
                tops.add(made[node]);
            } else if (message != null) {
                above.children().add(made[node]);
            }
        }
        return pruned(tops);
    }

    private static List<ThreadNode> pruned(List<ThreadNode> tops) {
        var threads = new ArrayList<ThreadNode>(tops.size());
        for (var top : tops) {
            if (top.message() != null || top.children().size() > 1) {
                threads.add(top);
            } else {
                threads.addAll(top.children());
            }
        }
        return threads;
    }

    private int[] parentsFirst() {
        int count = messages.size();
        int[] firstChild = new int[count];
        int[] nextSibling = new int[count];
        int[] order = new int[count];
        Arrays.fill(firstChild, NONE);
        int n = 0;
        for (int node = 0; node < count; node++) {
            if (parents[node] == NONE) {
                order[n++] = node;
            } else {
                nextSibling[node] = firstChild[parents[node]];
                firstChild[parents[node]] = node;
            }
        }
        for (int i = 0; i < n; i++) {
            for (int child = firstChild[order[i]]; child != NONE; child = nextSibling[child]) {
                order[n++] = child;
            }
        }
        return order;
    }
}
