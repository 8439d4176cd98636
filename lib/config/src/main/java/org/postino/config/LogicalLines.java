// SPDX-License-Identifier: Apache-2.0

package org.postino.config;

import java.util.ArrayList;
import java.util.List;

/// The logical lines of a configuration file or table source: comments and empty lines left out, a line that begins with a blank joined to the one before it.
public final class LogicalLines {
    private LogicalLines() {}

    /// A logical line, without its line ends, and the number of its first physical line.
    public record Line(String text, int number) {}

    /// Splits a text. A first line that begins with a blank is a problem.
    public static List<Line> of(String file, String text, List<Problem> problems) {
        var lines = new ArrayList<Line>();
        var current = new StringBuilder();
        int first = 0;
        int number = 0;
        int start = 0;
        while (start < text.length()) {
            int end = text.indexOf('\n', start);
            end = end < 0 ? text.length() : end;
            number++;
            int last = end;
            while (last > start && blank(text.charAt(last - 1))) {
                last--;
            }
            int begin = start;
            while (begin < last && blank(text.charAt(begin))) {
                begin++;
            }
            if (begin < last && text.charAt(begin) != '#') {
                if (begin == start) {
                    add(lines, current, first);
                    first = number;
                    current.append(text, start, last);
                } else if (first == 0) {
                    problems.add(
                            new Problem(
                                    file, number, "a logical line must not start with whitespace"));
                } else {
                    current.append(' ').append(text, begin, last);
                }
            }
            start = end + 1;
        }
        add(lines, current, first);
        return lines;
    }

    private static void add(List<Line> lines, StringBuilder current, int first) {
        if (!current.isEmpty()) {
            lines.add(new Line(current.toString(), first));
            current.setLength(0);
        }
    }

    /// Space, tab and the like.
    public static boolean blank(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\u000b';
    }
}
