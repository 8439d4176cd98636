// SPDX-License-Identifier: Apache-2.0

package org.postino.config;

import java.util.List;
import java.util.StringJoiner;

/// The configuration cannot be used; carries every problem found, not only the first.
public final class ConfigException extends Exception {
    private final transient List<Problem> problems;
    private final transient List<Problem> warnings;

    public ConfigException(List<Problem> problems) {
        this(problems, List.of());
    }

    /// @param warnings what is no reason to refuse the files, and was found on the way
    public ConfigException(List<Problem> problems, List<Problem> warnings) {
        super(message(problems));
        this.problems = List.copyOf(problems);
        this.warnings = List.copyOf(warnings);
    }

    public ConfigException(String file, String text) {
        this(List.of(new Problem(file, 0, text)));
    }

    public List<Problem> problems() {
        return problems;
    }

    /// The warnings that would be given if the files were good enough to start with.
    public List<Problem> warnings() {
        return warnings;
    }

    private static String message(List<Problem> problems) {
        var text = new StringJoiner("\n");
        for (var p : problems) {
            text.add(p.toString());
        }
        return text.toString();
    }
}
