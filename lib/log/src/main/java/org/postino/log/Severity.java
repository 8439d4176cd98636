// SPDX-License-Identifier: Apache-2.0

package org.postino.log;

/// The severity of an event: `fatal` is the operator's problem and ends the program, `panic` is our bug.
public enum Severity {
    DEBUG("debug", ""),
    INFO("info", ""),
    WARNING("warning", "warning: "),
    ERROR("error", "error: "),
    FATAL("fatal", "fatal: "),
    PANIC("panic", "panic: ");

    private final String word;
    private final String prefix;

    Severity(String word, String prefix) {
        this.word = word;
        this.prefix = prefix;
    }

    /// The word on the wire to master, and in `postlog -p`.
    public String word() {
        return word;
    }

    /// The word before the text in a log line; empty for everyday events.
    public String prefix() {
        return prefix;
    }

    boolean isAtLeast(Severity other) {
        return compareTo(other) >= 0;
    }

    /// The severity of a word of [#word()]; a warning if it is none.
    public static Severity of(String word) {
        for (Severity s : values()) {
            if (s.word.equals(word)) {
                return s;
            }
        }
        return WARNING;
    }
}
