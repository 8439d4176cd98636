// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postino.config.MainCf;
import org.postino.config.MasterCf;
import org.postino.config.Problem;

/// Finds restrictions that ask verify(8) where master.cf has no row of it: every address would be deferred.
final class ProbeCheck {
    private static final List<RestrictionName> ASKING =
            List.of(
                    RestrictionName.REJECT_UNVERIFIED_RECIPIENT,
                    RestrictionName.REJECT_UNVERIFIED_SENDER);

    private ProbeCheck() {}

    /// The places that name such a restriction; none if the row is there.
    static List<Problem> warnings(MainCf main, MasterCf master) {
        var problems = new ArrayList<Problem>();
        if (master.rows().stream().anyMatch(row -> row.program().equals("verify"))) {
            return problems;
        }
        for (var setting : main.settings().values()) {
            asking(setting.text())
                    .ifPresent(word -> problems.add(problem(setting.file(), setting.line(), word)));
        }
        for (var row : master.rows()) {
            asking(String.join(" ", row.overrides()))
                    .ifPresent(word -> problems.add(problem(master.file(), row.line(), word)));
        }
        return problems;
    }

    private static Optional<String> asking(String text) {
        return ASKING.stream().map(RestrictionName::word).filter(text::contains).findFirst();
    }

    private static Problem problem(String file, int line, String word) {
        return new Problem(
                file,
                line,
                word
                        + " asks the service verify, which master.cf does not have, so it defers"
                        + " everything: add the row \"verify unix - - n - 1 verify\"");
    }
}
