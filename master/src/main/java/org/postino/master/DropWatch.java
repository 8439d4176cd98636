// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.postino.linux.DirectoryWatch;
import org.postino.linux.NativeFd;

/// Sees that a message was dropped into `maildrop`, so that the program which dropped it need not tell anybody: sendmail(1) would
/// spend more on a connection to pickup(8) than on the message.
final class DropWatch implements Closeable {
    /// The program that takes what was dropped.
    static final String TAKER = "pickup";

    private final DirectoryWatch watch;
    private final Path maildrop;

    /// @param queue `queue_directory`
    DropWatch(Path queue) throws IOException {
        this.watch = DirectoryWatch.forNewFiles();
        this.maildrop = queue.resolve("maildrop");
        watch.add(Set.of(maildrop));
    }

    /// Readable when a file in `maildrop` is complete.
    NativeFd fd() {
        return watch.fd();
    }

    /// Takes the news.
    void clear() throws IOException {
        watch.clear();
        watch.add(Set.of(maildrop));
    }

    @Override
    public void close() {
        watch.close();
    }
}
