// SPDX-License-Identifier: Apache-2.0

package org.postino.table;

import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postino.config.LogicalLines;
import org.postino.config.Problem;
import org.postino.util.Cidr;

/// `cidr:` tables: lines `network value`, `!network value`, and `if network` ... `endif`; the first network that contains the address gives the value.
final class CidrTable implements Table {
    /// One line. If `value` is null, it is an `if`, and its block ends before the rule with index `end`.
    private record Rule(Cidr network, boolean negative, @Nullable String value, int end) {
        /// True if the rule applies to an address. A rule, negated or not, applies to addresses of its own family only.
        boolean fits(InetAddress address) {
            return network.isOfFamily(address) && network.contains(address) != negative;
        }
    }

    private final List<Rule> rules;

    private CidrTable(List<Rule> rules) {
        this.rules = rules;
    }

    static CidrTable parse(String file, String text, List<Problem> problems) {
        var rules = new ArrayList<Rule>();
        Deque<Integer> open = new ArrayDeque<>();
        for (var line : LogicalLines.of(file, text, problems)) {
            var words = line.text().split("[ \t]+", 2);
            if (words[0].equalsIgnoreCase("endif")) {
                if (open.isEmpty()) {
                    problems.add(
                            problem(file, line.number(), "ignoring ENDIF without matching IF"));
                } else {
                    close(rules, open.pop());
                }
                continue;
            }
            boolean condition = words[0].equalsIgnoreCase("if");
            if (words.length < 2) {
                problems.add(problem(file, line.number(), "no lookup result: skipping this rule"));
                continue;
            }
            rule(file, line.number(), condition, words, problems)
                    .ifPresent(rule -> {
                        if (condition) {
                            open.push(rules.size());
                        }
                        rules.add(rule);
                    });
        }
        for (int at : open) {
            problems.add(problem(file, 0, "IF has no matching ENDIF"));
            close(rules, at);
        }
        return new CidrTable(List.copyOf(rules));
    }

    private static void close(List<Rule> rules, int at) {
        var head = rules.get(at);
        rules.set(at, new Rule(head.network(), head.negative(), null, rules.size()));
    }

    private static Optional<Rule> rule(
            String file, int line, boolean condition, String[] words, List<Problem> problems) {
        String pattern = condition ? words[1].strip() : words[0];
        boolean negative = pattern.startsWith("!");
        String bare = negative ? pattern.substring(1).strip() : pattern;
        var network = Cidr.parse(bare);
        if (network.isEmpty()) {
            problems.add(
                    problem(
                            file,
                            line,
                            "bad address pattern: \"" + bare + "\": skipping this rule"));
            return Optional.empty();
        }
        return Optional.of(
                new Rule(network.get(), negative, condition ? null : words[1].strip(), 0));
    }

    private static Problem problem(String file, int line, String text) {
        return new Problem("cidr map " + file, line, text);
    }

    @Override
    public Optional<String> lookup(String key) {
        var address = Cidr.address(key);
        if (address.isEmpty()) {
            return Optional.empty();
        }
        int i = 0;
        while (i < rules.size()) {
            var rule = rules.get(i);
            boolean fits = rule.fits(address.get());
            if (rule.value() != null && fits) {
                return Optional.of(rule.value());
            }
            i = rule.value() == null && !fits ? rule.end() : i + 1;
        }
        return Optional.empty();
    }

    @Override
    public boolean patterns() {
        return true;
    }
}
