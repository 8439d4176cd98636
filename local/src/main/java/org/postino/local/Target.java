// SPDX-License-Identifier: Apache-2.0

package org.postino.local;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// One destination on the right-hand side of an alias or in a `.forward` file.
sealed interface Target {
    /// An address in internal form, with or without a domain.
    ///
    /// @param direct written with a backslash: no alias, no forwarding any more
    record To(String address, boolean direct) implements Target {}

    record ToFile(String path) implements Target {}

    record ToCommand(String command) implements Target {}

    /// `:include:/file`: the destinations that file lists.
    record Include(String path) implements Target {}

    /// Reads a file: lists in lines, of which those that begin with `#` are comments.
    static List<Target> parseLines(String text) {
        return parse(
                text.lines()
                        .filter(line -> !line.startsWith("#"))
                        .collect(Collectors.joining("\n")));
    }

    /// Reads a list: items separated by commas or lines, with quotes. There are no comments but in parentheses: what an alias
    /// has behind a `#` is an address like others, since nothing may get lost.
    static List<Target> parse(String text) {
        var targets = new ArrayList<Target>();
        var item = new StringBuilder();
        boolean quoted = false;
        boolean whole = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length() && quoted) {
                item.append(text.charAt(++i));
            } else if (c == '"') {
                quoted = !quoted;
                whole |= quoted && item.toString().isBlank();
            } else if ((c == ',' || c == '\n') && !quoted) {
                add(item, whole, targets);
                whole = false;
            } else {
                item.append(c);
            }
        }
        add(item, whole, targets);
        return targets;
    }

    private static void add(StringBuilder item, boolean quoted, List<Target> targets) {
        String text = item.toString().strip();
        item.setLength(0);
        if (text.isEmpty()) {
            return;
        }
        String plain = quoted ? text : withoutComments(text);
        if (text.startsWith("|")) {
            targets.add(new ToCommand(text.substring(1).strip()));
        } else if (text.startsWith("/")) {
            targets.add(new ToFile(text));
        } else if (text.regionMatches(true, 0, ":include:", 0, 9)) {
            targets.add(new Include(text.substring(9).strip()));
        } else if (plain.startsWith("\\")) {
            targets.add(new To(plain.substring(1), true));
        } else {
            address(plain, targets);
        }
    }

    private static void address(String text, List<Target> targets) {
        int open = text.lastIndexOf('<');
        boolean angle = open >= 0 && text.endsWith(">");
        String address = angle ? text.substring(open + 1, text.length() - 1).strip() : text;
        if (!address.isEmpty()) {
            targets.add(new To(address, false));
        }
    }

    /// Leaves out what stands in parentheses, as in a header field.
    private static String withoutComments(String text) {
        var left = new StringBuilder();
        int depth = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            depth += c == '(' ? 1 : 0;
            if (depth == 0) {
                left.append(c);
            }
            depth -= c == ')' && depth > 0 ? 1 : 0;
        }
        return left.toString().strip();
    }
}
