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
    private sealed interface Step {}

    /// Lines `network value` that follow each other: one question for all of them.
    private record Plain(CidrNetworks networks) implements Step {}

    /// Another line. If `value` is null, it is an `if`, and its block ends before the step with index `end`.
    private record Rule(Cidr network, boolean negative, @Nullable String value, int end)
            implements Step {
        /// True if the rule applies to an address. A rule, negated or not, applies to addresses of its own family only.
        boolean fits(InetAddress address) {
            return network.isOfFamily(address) && network.contains(address) != negative;
        }
    }

    private final List<Step> steps;

    private CidrTable(List<Step> steps) {
        this.steps = steps;
    }

    static CidrTable parse(String file, String text, List<Problem> problems) {
        var steps = new ArrayList<Step>();
        var plain = new CidrNetworks.Builder();
        Deque<Integer> open = new ArrayDeque<>();
        for (var line : LogicalLines.of(file, text, problems)) {
            var words = line.text().split("[ \t]+", 2);
            if (words[0].equalsIgnoreCase("endif")) {
                if (open.isEmpty()) {
                    problems.add(
                            problem(file, line.number(), "ignoring ENDIF without matching IF"));
                } else {
                    plain = ended(plain, steps);
                    close(steps, open.pop());
                }
                continue;
            }
            boolean condition = words[0].equalsIgnoreCase("if");
            if (words.length < 2) {
                problems.add(problem(file, line.number(), "no lookup result: skipping this rule"));
                continue;
            }
            var rule = rule(file, line.number(), condition, words, problems);
            if (rule.isEmpty()) {
                continue;
            }
            String value = rule.get().value();
            if (value != null && !rule.get().negative()) {
                plain.add(rule.get().network(), value);
                continue;
            }
            plain = ended(plain, steps);
            if (condition) {
                open.push(steps.size());
            }
            steps.add(rule.get());
        }
        ended(plain, steps);
        for (int at : open) {
            problems.add(problem(file, 0, "IF has no matching ENDIF"));
            close(steps, at);
        }
        return new CidrTable(List.copyOf(steps));
    }

    /// Adds the lines gathered to the steps.
    ///
    /// @return what gathers the next ones
    private static CidrNetworks.Builder ended(CidrNetworks.Builder plain, List<Step> steps) {
        if (plain.isEmpty()) {
            return plain;
        }
        steps.add(new Plain(plain.build()));
        return new CidrNetworks.Builder();
    }

    private static void close(List<Step> steps, int at) {
        if (steps.get(at) instanceof Rule head) {
            steps.set(at, new Rule(head.network(), head.negative(), null, steps.size()));
        }
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
        return address.isEmpty() ? Optional.empty() : find(address.get());
    }

    private Optional<String> find(InetAddress address) {
        int i = 0;
        while (i < steps.size()) {
            switch (steps.get(i)) {
                case Plain(var networks) -> {
                    var found = networks.find(address);
                    if (found.isPresent()) {
                        return found;
                    }
                    i++;
                }
                case Rule rule -> {
                    boolean fits = rule.fits(address);
                    if (rule.value() != null && fits) {
                        return Optional.of(rule.value());
                    }
                    i = rule.value() == null && !fits ? rule.end() : i + 1;
                }
            }
        }
        return Optional.empty();
    }

    @Override
    public boolean patterns() {
        return true;
    }
}
