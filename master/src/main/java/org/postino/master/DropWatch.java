// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.postino.linux.DirectoryWatch;
import org.postino.linux.NativeFd;

/// Watches `maildrop` for new messages. So sendmail(1), which drops them there, need not connect to pickup(8): that would cost more
/// than the message.
final class DropWatch implements Closeable {
    /// The program that takes the dropped messages.
    static final String TAKER = "pickup";

    private final DirectoryWatch watch;
    private final Path maildrop;

    /// @param queue `queue_directory`
    DropWatch(Path queue) throws IOException {
        this.watch = DirectoryWatch.forNewFiles();
        this.maildrop = queue.resolve("maildrop");
        watch.add(Set.of(maildrop));
    }

    /// Returns the descriptor that is readable when a file in `maildrop` is complete.
    NativeFd fd() {
        return watch.fd();
    }

    /// Clears the news, and watches `maildrop` again if it was replaced.
    void clear() throws IOException {
        watch.clear();
        watch.add(Set.of(maildrop));
    }

    @Override
    public void close() {
        watch.close();
    }
}
