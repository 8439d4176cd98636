// SPDX-License-Identifier: Apache-2.0

package org.postino.postmail;

import java.io.IOException;
import java.util.List;

/// A row of [PostmailCommands].
///
/// @param words by which it is called, parted by blanks
/// @param letters its options, as [Options] takes them, beside those of all
/// @param operands the rest of its usage
/// @param form of its results, if none is asked for
record PostmailCommand(String words, String letters, String operands, Output.Form form, Plan plan) {
    /// Makes the work from the arguments, which are whole and good then.
    interface Plan {
        Work of(Options options) throws PostmailFailure;
    }

    /// Work on the mail of one user after the other.
    interface Work {
        /// The columns of the results.
        default List<Column> columns() {
            return List.of();
        }

        /// Does it for one user.
        ///
        /// @throws IOException it ends for this user
        void run(Visit visit) throws IOException, PostmailFailure;
    }

    String usage() {
        return "postmail " + words + " [-u USER | -A] " + operands;
    }
}
