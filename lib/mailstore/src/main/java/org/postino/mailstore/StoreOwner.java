// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.IOException;
import org.postino.linux.AsUser;

/// The user as whom the files of a store are touched.
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

    /// Runs work that calls [#call] time and again, so that each call costs less. The work itself is not done as the owner.
    <T> T together(Work<T> work) throws IOException;

    /// The number of the user to whom an INBOX in the mail spool must belong; -1 where there is but one user.
    int uid();

    /// Gives the same user another group and nothing else: for a file in the mail spool.
    StoreOwner withGroup(int gid);

    /// A user, by a thread that the kernel takes for that user.
    static StoreOwner of(AsUser user) {
        return new StoreOwner() {
            @Override
            public <T> T call(Work<T> work) throws IOException {
                return user.call(work::run);
            }

            @Override
            public <T> T together(Work<T> work) throws IOException {
                return user.together(work::run);
            }

            @Override
            public int uid() {
                return user.uid();
            }

            @Override
            public StoreOwner withGroup(int gid) {
                return of(AsUser.of(user.uid(), gid));
            }
        };
    }

    /// The caller's own identity: for an instance without root, tests, and work that runs as the owner already.
    static StoreOwner self() {
        return new StoreOwner() {
            @Override
            public <T> T call(Work<T> work) throws IOException {
                return work.run();
            }

            @Override
            public <T> T together(Work<T> work) throws IOException {
                return work.run();
            }

            @Override
            public int uid() {
                return MboxFile.ANYBODY;
            }

            @Override
            public StoreOwner withGroup(int gid) {
                return this;
            }
        };
    }
}
