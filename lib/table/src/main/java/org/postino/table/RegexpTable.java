// SPDX-License-Identifier: Apache-2.0

package org.postino.table;

import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;

/// `regexp:` and `pcre:` tables: lines `/pattern/flags value`, `!/pattern/flags value`, and `if /pattern/flags` ... `endif`, which [RegexpSource] reads.
///
/// A pattern that requires a text which the key does not have is not tried ([LiteralIndex]), so that a table of thousands of them costs
/// little more than the few that could match.
///
/// Security: a match that takes too many steps, or too deep a stack, is a temporary failure and never a match.
final class RegexpTable implements Table {
    /// The number of characters that a look-up may read, and those that each pattern adds for each character of the key.
    private static final int STEPS = 4_000_000;

    private static final int STEPS_OF_PATTERN = 64;

    private final String name;
    private final List<RegexpRule> rules;
    private final LiteralIndex index;

    /// The rules that are looked at whatever the key is, as something follows from it that they do not match.
    private final BitSet turned = new BitSet();

    RegexpTable(String name, List<RegexpRule> rules, LiteralIndex index) {
        this.name = name;
        this.rules = List.copyOf(rules);
        this.index = index;
        for (int i = 0; i < rules.size(); i++) {
            turned.set(i, rules.get(i).negative() || rules.get(i).isCondition());
        }
    }

    /// Returns a parser for the type of `table`. It allows `$1` in values unless `tables` are those without substitution.
    static FileTables.Rules reader(TableName table, Tables tables) {
        return (source, text, problems) ->
                RegexpSource.parse(table.type(), source, text, tables.substitution(), problems);
    }

    @Override
    public Optional<String> lookup(String key) throws TableException {
        BitSet possible = index.candidates(key);
        var looked = (BitSet) possible.clone();
        looked.or(turned);
        var text = new Counted(key);
        int i = looked.nextSetBit(0);
        while (i >= 0) {
            var rule = rules.get(i);
            text.allow(key.length() * (long) STEPS_OF_PATTERN);
            var matcher = rule.pattern().matcher(text);
            boolean fits = (possible.get(i) && find(rule, matcher)) != rule.negative();
            if (rule.value() != null && fits) {
                return Optional.of(rule.value().fill(matcher));
            }
            i = looked.nextSetBit(rule.isCondition() && !fits ? rule.end() : i + 1);
        }
        return Optional.empty();
    }

    private boolean find(RegexpRule rule, Matcher matcher) throws TableException {
        try {
            return rule.find(matcher);
        } catch (TooExpensiveException | StackOverflowError e) {
            throw new TableException(
                    name + ", line " + rule.line() + ": the pattern takes too long to match", e);
        }
    }

    @Override
    public boolean patterns() {
        return true;
    }

    /// Ends a match that looked at too many characters.
    private static final class TooExpensiveException extends RuntimeException {
        TooExpensiveException() {
            super("too many steps", null, false, false);
        }
    }

    /// A text that counts how often it is read; one for all patterns of a lookup.
    private static final class Counted implements CharSequence {
        private final CharSequence text;
        private long left = STEPS;

        Counted(CharSequence text) {
            this.text = text;
        }

        void allow(long more) {
            left += more;
        }

        @Override
        public char charAt(int index) {
            if (--left < 0) {
                throw new TooExpensiveException();
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
