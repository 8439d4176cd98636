// SPDX-License-Identifier: Apache-2.0

package org.postino.table;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import org.postino.config.ValueException;

/// The value of a pattern: `$1`, `${1}` and `$(1)` stand for what a group matched, `$$` for a dollar sign.
///
/// @param texts what stands before, between and behind the groups
/// @param groups their numbers, one less than there are texts
record Replacement(List<String> texts, List<Integer> groups) {

    /// Reads a value.
    ///
    /// @param count how many groups the pattern has
    /// @param negative the pattern does not match, and so has no groups to show
    static Replacement parse(String value, int count, boolean negative) throws ValueException {
        var texts = new ArrayList<String>();
        var groups = new ArrayList<Integer>();
        var text = new StringBuilder();
        int i = 0;
        while (i < value.length()) {
            char c = value.charAt(i++);
            boolean dollar = c == '$' && i < value.length() && value.charAt(i) == '$';
            if (c != '$' || dollar) {
                text.append(c);
                i += dollar ? 1 : 0;
                continue;
            }
            int end = i < value.length() ? end(value, i) : i;
            boolean braced = end > i && "{(".indexOf(value.charAt(i)) >= 0;
            String name = braced ? value.substring(i + 1, end - 1) : value.substring(i, end);
            groups.add(group(name, count, negative));
            texts.add(text.toString());
            text.setLength(0);
            i = end;
        }
        texts.add(text.toString());
        return new Replacement(List.copyOf(texts), List.copyOf(groups));
    }

    /// The index behind what stands for a group.
    private static int end(String value, int from) throws ValueException {
        char open = value.charAt(from);
        if (open == '{' || open == '(') {
            int close = value.indexOf(open == '{' ? '}' : ')', from);
            if (close < 0) {
                throw new ValueException("bad replacement syntax: skipping this rule");
            }
            return close + 1;
        }
        int end = from;
        while (end < value.length() && isWord(value.charAt(end))) {
            end++;
        }
        return end;
    }

    private static boolean isWord(char c) {
        return (c >= '0' && c <= '9')
                || (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || c == '_';
    }

    private static int group(String name, int count, boolean negative) throws ValueException {
        boolean number = !name.isEmpty() && name.length() < 6;
        for (int i = 0; i < name.length(); i++) {
            number &= name.charAt(i) >= '0' && name.charAt(i) <= '9';
        }
        if (!number) {
            throw new ValueException("bad replacement syntax: skipping this rule");
        }
        if (negative) {
            throw new ValueException(
                    "$number found in negative match replacement text: skipping this rule");
        }
        int group = Integer.parseInt(name);
        if (group == 0 || group > count) {
            throw new ValueException(
                    "out of range replacement index \"" + group + "\": skipping this rule");
        }
        return group;
    }

    /// True if it has something of the text in it.
    boolean substitutes() {
        return !groups.isEmpty();
    }

    /// Fills it with what a matcher has found.
    String fill(Matcher matcher) {
        if (groups.isEmpty()) {
            return texts.getFirst();
        }
        var out = new StringBuilder();
        for (int i = 0; i < groups.size(); i++) {
            String found = matcher.group(groups.get(i));
            out.append(texts.get(i)).append(found == null ? "" : found);
        }
        return out.append(texts.getLast()).toString();
    }
}
