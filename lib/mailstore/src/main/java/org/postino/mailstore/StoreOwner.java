// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.Closeable;
import java.io.IOException;
import org.postino.linux.AsUser;

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

    /// The number of the user to whom an INBOX in the mail spool must belong; -1 where there is but one user.
    int uid();

    /// The same user with another group and nothing else: for a file in the mail spool. The caller closes it.
    Member withGroup(int gid);

    /// A user with a group other than the primary one.
    interface Member extends Closeable {
        <T> T call(Work<T> work) throws IOException;

        @Override
        void close();
    }

    /// A user, by a thread that the kernel takes for that user. The caller closes `user` after the store.
    static StoreOwner of(AsUser user) {
        return new StoreOwner() {
            @Override
            public <T> T call(Work<T> work) throws IOException {
                return user.call(work::run);
            }

            @Override
            public int uid() {
                return user.uid();
            }

            @Override
            public Member withGroup(int gid) {
                return member(AsUser.of(user.uid(), gid));
            }
        };
    }

    private static Member member(AsUser as) {
        return new Member() {
            @Override
            public <T> T call(Work<T> work) throws IOException {
                return as.call(work::run);
            }

            @Override
            public void close() {
                as.close();
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

            @Override
            public int uid() {
                return MboxFile.ANYBODY;
            }

            @Override
            public Member withGroup(int gid) {
                return caller();
            }
        };
    }

    /// Whoever calls.
    static Member caller() {
        return new Member() {
            @Override
            public <T> T call(Work<T> work) throws IOException {
                return work.run();
            }

            @Override
            public void close() {}
        };
    }
}
