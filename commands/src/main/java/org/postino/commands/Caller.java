// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.postino.linux.Processes;
import org.postino.linux.Users;
import org.postino.util.ByteNames;

/// The user who runs a command.
///
/// The first line of `/etc/passwd` with the user's number names the user. The name service is asked only if there is no such line,
/// since a native call costs more than the rest of sendmail's work.
///
/// @param name the login name, or the number of a user without one
/// @param fullName the name of the person; empty if none is known
record Caller(String name, int uid, String fullName) {
    private static final int NAME = 0;
    private static final int UID = 2;
    private static final int GECOS = 4;

    static Caller find() throws IOException {
        return find(Path.of("/etc/passwd"), Processes.ownUid());
    }

    static Caller find(Path passwd, int uid) throws IOException {
        String number = Integer.toUnsignedString(uid);
        for (String line : lines(passwd)) {
            String[] fields = line.split(":", -1);
            if (fields.length > GECOS && fields[UID].equals(number) && !fields[NAME].isEmpty()) {
                return new Caller(fields[NAME], uid, fullName(fields[GECOS], fields[NAME]));
            }
        }
        return new Caller(Users.nameOf(uid), uid, "");
    }

    private static List<String> lines(Path passwd) throws IOException {
        try {
            return List.of(ByteNames.read(passwd).split("\n", -1));
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    /// Returns the text before the first comma of a gecos field; `&` becomes the login name with a capital.
    private static String fullName(String gecos, String name) {
        int comma = gecos.indexOf(',');
        String capital = name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
        return (comma < 0 ? gecos : gecos.substring(0, comma)).replace("&", capital).strip();
    }

    /// Returns the user as the log has it: `alice(1000)`.
    @Override
    public String toString() {
        return name + "(" + Integer.toUnsignedString(uid) + ")";
    }
}
