// SPDX-License-Identifier: Apache-2.0

package org.postino.global.config;

import java.util.List;
import java.util.StringJoiner;

/// The configuration cannot be used; carries every problem found, not only the first.
public final class ConfigException extends Exception {
    private final transient List<Problem> problems;

    public ConfigException(List<Problem> problems) {
        super(message(problems));
        this.problems = List.copyOf(problems);
    }

    public ConfigException(String file, String text) {
        this(List.of(new Problem(file, 0, text)));
    }

    public List<Problem> problems() {
        return problems;
    }

    private static String message(List<Problem> problems) {
        var text = new StringJoiner("\n");
        for (var p : problems) {
            text.add(p.toString());
        }
        return text.toString();
    }
}
