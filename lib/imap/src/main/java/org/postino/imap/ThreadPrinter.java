// SPDX-License-Identifier: Apache-2.0

package org.postino.imap;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.IntToLongFunction;

/// Prints the threads of a THREAD response (RFC 5256, 4), however deep they are.
public final class ThreadPrinter {
    private final ImapWriter out;
    private final IntToLongFunction names;

    /// The branches that are open, the innermost first.
    private final Deque<Iterator<ThreadNode>> open = new ArrayDeque<>();

    /// @param names the number that the client sees for a sequence number
    public ThreadPrinter(ImapWriter out, IntToLongFunction names) {
        this.out = out;
        this.names = names;
    }

    public void print(List<ThreadNode> threads) throws IOException {
        if (!threads.isEmpty()) {
            out.sp();
        }
        open.push(threads.iterator());
        while (!open.isEmpty()) {
            var branches = open.element();
            if (branches.hasNext()) {
                out.octet('(');
                branch(branches.next());
            } else {
                open.pop();
                if (!open.isEmpty()) {
                    out.octet(')');
                }
            }
        }
    }

    /// Prints a branch as far as it does not fork; its end is printed when its forks are through.
    private void branch(ThreadNode first) throws IOException {
        var at = first;
        boolean begun = false;
        while (true) {
            var message = at.message();
            if (message != null) {
                if (begun) {
                    out.sp();
                }
                begun = true;
                out.number(names.applyAsLong(message.number()));
            }
            if (at.children().size() != 1) {
                break;
            }
            at = at.children().getFirst();
        }
        if (begun && !at.children().isEmpty()) {
            out.sp();
        }
        open.push(at.children().iterator());
    }
}
