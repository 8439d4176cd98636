// SPDX-License-Identifier: Apache-2.0

package org.postino.config;

/// Something wrong in a configuration file: where (`line` 0 = not one line), and what in plain words.
///
/// Sorted by line.
public record Problem(String file, int line, String text) implements Comparable<Problem> {
    @Override
    public int compareTo(Problem other) {
        int order = Integer.compare(line, other.line);
        order = order != 0 ? order : file.compareTo(other.file);
        return order != 0 ? order : text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return line > 0 ? file + ", line " + line + ": " + text : file + ": " + text;
    }
}
