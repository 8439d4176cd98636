// SPDX-License-Identifier: Apache-2.0

package org.postino.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.postino.linux.Credentials;
import org.postino.linux.NativeFd;
import org.postino.linux.ProcessSpawner.Program;
import org.postino.util.ByteNames;

/// Makes a program another user's, with none of our capabilities.
///
/// `setpriv` takes on the ids, in the program's own process. A thread of ours that had a user's ids, however shortly, would let that
/// user signal and so end the whole of this process.
final class OtherUser {
    /// The beginning of its message when it could not start the program; its status is not 0 then.
    static final String NOT_STARTED = "setpriv: ";

    private static final Path SETPRIV = Path.of("/usr/bin/setpriv");
    private static final String IN_DIRECTORY = "cd \"$0\" 2>/dev/null || cd /; exec \"$@\"";
    private static final Path ROOT = Path.of("/");

    /// Tells the kernel to leave an id as it is.
    private static final int UNCHANGED = -1;

    private OtherUser() {}

    /// True if this system has what it takes, and the user shall have no capability.
    static boolean isPossible(Credentials user) {
        return Privileges.asOthers()
                && user.capabilities().isEmpty()
                && Files.isExecutable(SETPRIV);
    }

    /// The program, for a user, but not root, who enters the directory, or the root if that may not be entered.
    static Program program(
            List<String> arguments,
            List<String> environment,
            List<NativeFd> descriptors,
            Path directory,
            Credentials user)
            throws IOException {
        if (user.uid() == 0 || user.uid() == UNCHANGED || user.gid() == UNCHANGED) {
            throw new IOException("cannot act as uid " + user.uid() + ", gid " + user.gid());
        }
        var all = new ArrayList<String>();
        all.add(SETPRIV.toString());
        all.add("--reuid=" + number(user.uid()));
        all.add("--regid=" + number(user.gid()));
        all.add(
                user.groups().isEmpty()
                        ? "--clear-groups"
                        : user.groups().stream()
                                .map(OtherUser::number)
                                .collect(Collectors.joining(",", "--groups=", "")));
        all.add("--no-new-privs");
        all.add("--inh-caps=-all");
        all.add("--ambient-caps=-all");
        all.add("--");
        if (!directory.equals(ROOT)) {
            all.addAll(List.of("/bin/sh", "-c", IN_DIRECTORY, ByteNames.text(directory)));
        }
        all.addAll(arguments);
        return new Program(all, environment, descriptors, ROOT, null, null);
    }

    /// With a sign, so that it is nobody's name.
    private static String number(int id) {
        return "+" + Integer.toUnsignedString(id);
    }
}
