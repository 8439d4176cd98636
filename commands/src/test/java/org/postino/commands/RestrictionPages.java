// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import java.io.IOException;
import java.nio.file.Path;
import org.postino.smtp.SmtpStage;
import org.postino.suite.AccessActionName;
import org.postino.suite.ActionRow;
import org.postino.suite.CheckActionName;
import org.postino.suite.RestrictionName;

/// The lists of restrictions in smtpd(8) and of actions in access(5) and header_checks(5), made from their rows.
final class RestrictionPages {
    private RestrictionPages() {}

    /// The text of smtpd.8 with an up-to-date table.
    static String smtpd(Path root) throws IOException {
        return MadePart.RESTRICTIONS.page(root, "smtpd/smtpd.8", restrictions());
    }

    /// The text of access.5 with an up-to-date list.
    static String access(Path root) throws IOException {
        return MadePart.ACTIONS.page(root, "commands/access.5", actions(AccessActionName.values()));
    }

    /// The text of header_checks.5 with an up-to-date list.
    static String headerChecks(Path root) throws IOException {
        return MadePart.ACTIONS.page(
                root, "cleanup/header_checks.5", actions(CheckActionName.values()));
    }

    private static String actions(ActionRow[] rows) {
        var out = new StringBuilder(".Bl -tag -width indent\n");
        for (var row : rows) {
            out.append(".It Cm ").append(row.name());
            out.append(row.other().isEmpty() ? "" : " , " + row.other());
            String argument = row.argument().synopsis();
            out.append(argument.isEmpty() ? "" : " " + argument).append('\n');
            Reference.sentences(out, row.doc());
        }
        return out.append(".El\n").toString();
    }

    private static String restrictions() {
        var out = new StringBuilder(".Bl -tag -width indent\n");
        for (var row : RestrictionName.values()) {
            out.append(".It Cm ").append(row.word());
            String argument = row.argument().synopsis();
            out.append(argument.isEmpty() ? "" : " " + argument);
            if (row.from() != SmtpStage.CONNECT) {
                out.append(" Pq from ").append(row.from().word());
            }
            out.append('\n');
            Reference.sentences(out, row.doc());
            if (!row.oldWord().isEmpty()) {
                out.append("The old name is\n.Cm ").append(row.oldWord()).append(" .\n");
            }
        }
        return out.append(".El\n").toString();
    }
}
