// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.postino.linux.Inheritance;
import org.postino.linux.NativeFd;
import org.postino.suite.Jvm;
import org.postino.suite.Plan;
import org.postino.suite.Program;
import org.postino.util.ByteNames;

/// Puts a new master in the place of this one: same process, same sockets, another program, such as that of a new version.
///
/// Listening sockets stay open, so that no client is refused. Daemons stay children of the process and finish with their clients.
final class Restart {
    private Restart() {}

    /// Becomes the new master. Returns only by an exception, and then this process still is the old one.
    ///
    /// @throws IOException the new master could not be executed
    static void become(Plan plan, boolean foreground, InheritedDescriptors succession)
            throws IOException {
        try (NativeFd pipe = succession.write()) {
            var kept = new TreeSet<>(succession.descriptors());
            kept.add(pipe.number());
            // The lock of the suite lives as long as the descriptor by which it was taken.
            kept.addAll(Inheritance.of(SpoolDirectories.lockFile(plan.config())));
            Inheritance.become(command(plan.directory(), foreground, pipe.number()), kept);
        }
    }

    /// Returns the command of the new master. The installed launcher knows where the new version's parts are; a suite without a
    /// launcher restarts the version that it is.
    private static List<String> command(Path directory, boolean foreground, int pipe) {
        @Nullable Path home = Jvm.home();
        var words = new ArrayList<String>(List.of("-c", ByteNames.text(directory)));
        if (home == null) {
            words.addAll(List.of("-r", Integer.toString(pipe)));
            if (foreground) {
                words.add("-f");
            }
            return Jvm.command(Master.class.getName(), Program.Weight.LIGHT, null, words);
        }
        words.addFirst(ByteNames.text(Jvm.launcher(home)));
        words.addAll(List.of("take-over", Integer.toString(pipe)));
        if (foreground) {
            words.add("-f");
        }
        return words;
    }
}
