// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.postino.smtp.SmtpStage;
import org.postino.suite.RestrictionName;

/// The table of restrictions in smtpd(8), made from their rows.
final class RestrictionPages {
    private static final String BEGIN =
            ".\\\" Made from the rows of the restrictions: see HACKING.md. Do not edit.\n";
    private static final String END = ".\\\" End of the restrictions.\n";

    private RestrictionPages() {}

    /// The text of smtpd.8 with an up-to-date table.
    static String smtpd(Path root) throws IOException {
        Path file = root.resolve("smtpd/smtpd.8");
        String text = Files.readString(file);
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IOException(file + " has no place for the restrictions");
        }
        return text.substring(0, begin + BEGIN.length()) + restrictions() + text.substring(end);
    }

    private static String restrictions() {
        var out = new StringBuilder(".Bl -tag -width indent\n");
        for (var row : RestrictionName.values()) {
            out.append(".It Cm ").append(row.word());
            switch (row.argument()) {
                case NONE -> {}
                case TABLE -> out.append(" Ar type:table");
            }
            if (row.from() != SmtpStage.CONNECT) {
                out.append(" Pq from ").append(row.from().word());
            }
            out.append('\n');
            Reference.sentences(out, row.doc());
        }
        return out.append(".El\n").toString();
    }
}
