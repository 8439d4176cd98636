// SPDX-License-Identifier: Apache-2.0

package org.postino.imap;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A message with those that answer it; or, at the top of a thread only, several messages whose common parent is not there.
public final class ThreadNode {
    /// A message as far as threads need it.
    ///
    /// @param number its sequence number
    /// @param sent in seconds since 1970
    /// @param subject the base subject, folded
    /// @param answers the subject is one of a reply or forward
    public record Message(int number, long sent, String subject, boolean answers) {}

    /// The order of siblings and threads (RFC 5256, 2.2); the children of one without a message must be in order.
    static final Comparator<ThreadNode> BY_DATE =
            Comparator.comparingLong((ThreadNode node) -> node.first().sent())
                    .thenComparingInt(node -> node.first().number());

    private final @Nullable Message message;
    private final List<ThreadNode> children = new ArrayList<>(0);

    private ThreadNode(@Nullable Message message) {
        this.message = message;
    }

    static ThreadNode of(Message message) {
        return new ThreadNode(message);
    }

    static ThreadNode withoutMessage() {
        return new ThreadNode(null);
    }

    public @Nullable Message message() {
        return message;
    }

    public List<ThreadNode> children() {
        return children;
    }

    /// The message, or of one that has none its first child's.
    Message first() {
        var own = message == null ? children.getFirst().message : message;
        if (own == null) {
            throw new IllegalStateException("a thread without a message is below another");
        }
        return own;
    }

    /// All nodes of these threads, each before its children: how deep they are does not matter.
    static List<ThreadNode> all(List<ThreadNode> threads) {
        var all = new ArrayList<>(threads);
        for (int i = 0; i < all.size(); i++) {
            all.addAll(all.get(i).children);
        }
        return all;
    }
}
