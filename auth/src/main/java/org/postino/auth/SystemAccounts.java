// SPDX-License-Identifier: Apache-2.0

package org.postino.auth;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.postino.linux.SystemUser;
import org.postino.linux.Users;
import org.postino.sasl.MailUser;
import org.postino.util.ByteNames;

/// The accounts of the system, from its name service.
final class SystemAccounts {
    private static final Path PASSWD = Path.of("/etc/passwd");
    private static final String NOBODY = "nobody";

    private final Names names;
    private final long firstValidUid;

    /// @param firstValidUid the least uid of an account that may log in
    SystemAccounts(Names names, long firstValidUid) {
        this.names = names;
        this.firstValidUid = firstValidUid;
    }

    /// Finds the account that a canonical name stands for; empty if there is none.
    ///
    /// @throws IOException the name service cannot be asked now
    Optional<SystemUser> find(String canonical) throws IOException {
        Optional<String> login = names.login(canonical);
        return login.isEmpty() ? Optional.empty() : Users.byName(login.get());
    }

    /// True if the account is a person's, by its uid. The passwords of other accounts do not count for mail.
    boolean mayLogIn(SystemUser user) {
        return Integer.toUnsignedLong(user.uid()) >= firstValidUid;
    }

    /// Lists the login names of `/etc/passwd` that may log in.
    List<String> names() throws IOException {
        var found = new ArrayList<String>();
        for (String line : ByteNames.lines(PASSWD)) {
            int colon = line.indexOf(':');
            String name = colon > 0 ? line.substring(0, colon) : "";
            Optional<SystemUser> user = name.isEmpty() ? Optional.empty() : Users.byName(name);
            if (user.isPresent() && mayLogIn(user.get()) && !name.equals(NOBODY)) {
                found.add(name);
            }
        }
        return found;
    }

    /// Turns an account of the system into the answer to a user lookup.
    static PasswdEntry account(SystemUser user) {
        var fields = new LinkedHashMap<String, String>();
        fields.put("userdb_" + MailUser.SYSTEM_USER, literal(user.name()));
        if (!user.shell().isEmpty()) {
            fields.put("userdb_" + MailUser.SHELL, literal(user.shell()));
        }
        return new PasswdEntry(
                user.name(),
                "",
                Integer.toUnsignedString(user.uid()),
                Integer.toUnsignedString(user.gid()),
                literal(ByteNames.text(user.home())),
                fields);
    }

    /// Protects a text from the filling in of variables.
    private static String literal(String text) {
        return text.replace("%", "%%");
    }
}
