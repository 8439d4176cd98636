// SPDX-License-Identifier: Apache-2.0

package org.postino.kit;

import java.util.List;

/// The form that a program's output must have: a [Pattern] for each line, `...` for any number of lines.
record OutputForm(Pattern pattern, List<String> lines) {
    /// True if the output has the form; captures are kept only if it has.
    boolean matches(List<String> output) {
        var trial = pattern.copy();
        boolean good = matches(0, output, 0, trial);
        if (good) {
            pattern.adopt(trial);
        }
        return good;
    }

    private boolean matches(int wanted, List<String> output, int at, Pattern trial) {
        int w = wanted;
        int o = at;
        while (w < lines.size() && !lines.get(w).equals("...")) {
            if (o >= output.size() || !trial.matches(lines.get(w).stripTrailing(), output.get(o))) {
                return false;
            }
            w++;
            o++;
        }
        if (w == lines.size()) {
            return o == output.size();
        }
        for (int from = o; from <= output.size(); from++) {
            var further = trial.copy();
            if (matches(w + 1, output, from, further)) {
                trial.adopt(further);
                return true;
            }
        }
        return false;
    }
}
