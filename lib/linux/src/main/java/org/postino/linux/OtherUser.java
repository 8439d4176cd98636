// SPDX-License-Identifier: Apache-2.0

package org.postino.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
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

    /// The start is left to setpriv, whose words tell a program that could not be started from one that has failed.
    private static final String START = "exec " + SETPRIV + " --no-new-privs -- \"$@\"";

    private static final String IN_DIRECTORY = "cd \"$0\" 2>/dev/null || cd /; " + START;

    private static final String IN_THIS_DIRECTORY =
            "cd \"$0\" 2>/dev/null || { echo \""
                    + NOT_STARTED
                    + "cannot enter $0\"; exit 1; }; "
                    + START;

    private static final Path ROOT = Path.of("/");

    /// Tells the kernel to leave an id as it is.
    private static final int UNCHANGED = -1;

    private OtherUser() {}

    /// True if this system has what it takes, and the user shall have no capability.
    static boolean isPossible(Credentials user) {
        return AsUser.isPossible() && user.capabilities().isEmpty() && Files.isExecutable(SETPRIV);
    }

    /// The program, for a user, but not root, who enters the directory.
    static Program program(
            List<String> arguments,
            List<String> environment,
            List<NativeFd> descriptors,
            CommandRun.Directory directory,
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
        if (!directory.path().equals(ROOT)) {
            String script = directory.required() ? IN_THIS_DIRECTORY : IN_DIRECTORY;
            all.addAll(List.of("/bin/sh", "-c", script, ByteNames.text(directory.path())));
        }
        all.addAll(arguments);
        return new Program(all, environment, descriptors, ROOT, null, null);
    }

    /// True if what a command has said so far may be the words with which it could not be started.
    static boolean mayBeItsWords(CharSequence said) {
        int common = Math.min(said.length(), NOT_STARTED.length());
        return NOT_STARTED.substring(0, common).contentEquals(said.subSequence(0, common));
    }

    /// With a sign, so that it is nobody's name.
    private static String number(int id) {
        return "+" + Integer.toUnsignedString(id);
    }
}
