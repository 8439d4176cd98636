// SPDX-License-Identifier: Apache-2.0

package org.postino.table;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.config.ValueException;
import org.postino.linux.Users;
import org.postino.sasl.UserdbClient;
import org.postino.util.ByteNames;

/// Tables that ask the system or auth(8).
final class SystemTables {
    private SystemTables() {}

    /// `unix:passwd.byname` and `unix:group.byname`.
    static Table unix(String name) throws ValueException {
        return switch (name) {
            case "passwd.byname" -> SystemTables::user;
            case "group.byname" -> SystemTables::group;
            default -> throw new ValueException("unknown table; use passwd.byname or group.byname");
        };
    }

    private static Optional<String> user(String key) throws TableException {
        if (!plausible(key)) {
            return Optional.empty();
        }
        try {
            return Users.byName(key)
                    .map(u ->
                            u.name() + ":x:" + u.uid() + ":" + u.gid() + "::" + u.home() + ":"
                                    + u.shell());
        } catch (IOException e) {
            throw new TableException("table unix:passwd.byname: " + e.getMessage(), e);
        }
    }

    private static Optional<String> group(String key) throws TableException {
        if (!plausible(key)) {
            return Optional.empty();
        }
        try {
            var gid = Users.gidOf(key);
            return gid.isPresent()
                    ? Optional.of(key + ":x:" + gid.getAsInt() + ":")
                    : Optional.empty();
        } catch (IOException e) {
            throw new TableException("table unix:group.byname: " + e.getMessage(), e);
        }
    }

    private static boolean plausible(String key) {
        return !key.isEmpty()
                && key.length() < 256
                && key.indexOf('\0') < 0
                && key.indexOf(':') < 0
                && key.indexOf('@') < 0;
    }

    /// `userdb:SOCKET`: the users that auth(8) knows; the value is the user's name. Without SOCKET it asks at `auth_socket_path`.
    static Table userdb(String socket, Tables tables) {
        Config config = tables.config();
        Path path =
                config.get(MainParams.QUEUE_DIRECTORY)
                        .resolve(
                                ByteNames.path(
                                        socket.isEmpty()
                                                ? config.get(MainParams.AUTH_SOCKET_PATH)
                                                : socket));
        var client = UserdbClient.of(path);
        return key -> {
            if (key.isEmpty() || key.startsWith("@")) {
                return Optional.empty();
            }
            try {
                return client.lookup(key, "smtp").map(u -> u.name());
            } catch (IOException e) {
                throw new TableException("table userdb:" + socket + ": " + e.getMessage(), e);
            }
        };
    }
}
