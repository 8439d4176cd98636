// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.IOException;
import org.postino.util.AsUser;

/// As whom the files of a store are touched.
///
/// Every access that opens, names or changes a file goes through [#call]; reading from a file already open does not.
public interface StoreOwner {
    /// Work with files.
    @FunctionalInterface
    interface Work<T> {
        T run() throws IOException;
    }

    /// Runs the work as the owner and waits for it.
    <T> T call(Work<T> work) throws IOException;

    /// A user, by a thread that the kernel takes for that user. The caller closes `user` after the store.
    static StoreOwner of(AsUser user) {
        return new StoreOwner() {
            @Override
            public <T> T call(Work<T> work) throws IOException {
                return user.call(work::run);
            }
        };
    }

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
