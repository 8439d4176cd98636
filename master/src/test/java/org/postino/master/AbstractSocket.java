// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import java.io.IOException;

/// A listening Unix socket without a path.
final class AbstractSocket implements AutoCloseable {
    private final long fd;

    AbstractSocket(String name) throws IOException {
        fd = Attacks.abstractListener(name);
    }

    boolean isOpen() {
        return fd >= 0;
    }

    @Override
    public void close() throws IOException {
        Attacks.closeFile(fd);
    }
}
