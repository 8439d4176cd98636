// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.IOException;

/// As whom the files of a store are touched.
///
/// Every access that opens, names or changes a file goes through [#call]; reading from a file already open does not.
/// Work calls `call` again from within.
public interface StoreOwner {
    /// Work with files.
    @FunctionalInterface
    interface Work<T> {
        T run() throws IOException;
    }

    /// Runs the work as the owner and waits for it.
    <T> T call(Work<T> work) throws IOException;

    /// The process itself: an instance without root, tests.
    static StoreOwner self() {
        return new StoreOwner() {
            @Override
            public <T> T call(Work<T> work) throws IOException {
                return work.run();
            }
        };
    }
}
