// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import java.util.List;
import org.postino.config.Problem;

/// A failure that ends a command with status 1. Its lines go to standard error, each as `NAME: fatal: LINE`.
public final class CommandFailure extends Exception {
    private final transient List<String> lines;

    CommandFailure(String line) {
        this(List.of(line));
    }

    CommandFailure(String line, Throwable cause) {
        super(line, cause);
        this.lines = List.of(line);
    }

    private CommandFailure(List<String> lines) {
        super(String.join("\n", lines));
        this.lines = List.copyOf(lines);
    }

    static CommandFailure of(List<Problem> problems) {
        return new CommandFailure(problems.stream().map(Problem::toString).toList());
    }

    public List<String> lines() {
        return lines;
    }
}
