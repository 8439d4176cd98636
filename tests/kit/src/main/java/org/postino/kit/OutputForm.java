// SPDX-License-Identifier: Apache-2.0

package org.postino.kit;

import java.util.List;

/// The form that a program's output must have: a [Pattern] for each line, `...` for any number of lines.
record OutputForm(Pattern pattern, List<String> lines) {
    /// Whether the output has the form; captures are kept.
    boolean matches(List<String> output) {
        return matches(0, output, 0);
    }

    private boolean matches(int wanted, List<String> output, int at) {
        int w = wanted;
        int o = at;
        while (w < lines.size() && !lines.get(w).equals("...")) {
            if (o >= output.size() || !pattern.matches(lines.get(w).stripTrailing(), output.get(o))) {
                return false;
            }
            w++;
            o++;
        }
        if (w == lines.size()) {
            return o == output.size();
        }
        for (int from = o; from <= output.size(); from++) {
            if (matches(w + 1, output, from)) {
                return true;
            }
        }
        return false;
    }
}
