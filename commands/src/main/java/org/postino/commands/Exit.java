// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

/// The end of a command.
final class Exit {
    private Exit() {}

    /// Ends the process. [System#exit] would look for a logger first, in each jar; a command has nothing that must run at its end.
    static void with(int status) {
        System.out.flush();
        System.err.flush();
        Runtime.getRuntime().halt(status);
    }
}
