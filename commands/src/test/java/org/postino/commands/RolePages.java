// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.postino.suite.Program;
import org.postino.suite.Programs;
import org.postino.suite.Role;

/// The table in master(8) of the accounts that programs run as, made from the rows of the programs.
final class RolePages {
    private RolePages() {}

    /// The text of master.8 with an up-to-date table.
    static String master(Path root) throws IOException {
        return MadePart.ACCOUNTS.page(root, "master/master.8", accounts());
    }

    private static String accounts() {
        var rows = new StringBuilder();
        String widest = "";
        for (Role role : Role.values()) {
            String programs = programs(role);
            widest = programs.length() > widest.length() ? programs : widest;
            rows.append(".It ").append(account(role)).append(" Ta ").append(programs);
            rows.append(role.isRoot() ? ", without any capability\n" : "\n");
        }
        return ".Bl -column \"postino-pop3d\" \"" + widest + "\"\n" + rows + ".El\n";
    }

    private static String account(Role role) {
        if (role.isRoot()) {
            return "Li root";
        }
        String owner = "Va $mail_owner";
        return role.suffix().isEmpty() ? owner : owner + " Ns Li " + role.suffix();
    }

    private static String programs(Role role) {
        return Programs.all().stream()
                .filter(program -> program.role() == role)
                .map(Program::word)
                .collect(Collectors.joining(", "));
    }
}
