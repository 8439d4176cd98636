// SPDX-License-Identifier: Apache-2.0

package org.postino.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postino.config.Problem;

/// Asks the postmap of an installed Postfix the same as our tables of patterns.
class RealPostmapTest {
    private static final Path POSTMAP = Path.of("/usr/sbin/postmap");
    private static final String[] ATOMS = {
        "a",
        "b",
        "ab",
        "foo",
        "Subject:",
        " ",
        ".",
        "[ab]",
        "[^a]",
        "[[:alpha:]]",
        "[[:digit:]x]",
        "[]a]",
        "[a-c]",
        "\\.",
        "\\w",
        "\\b",
        "^",
        "$",
        "()",
        "x",
        "1",
        "[a&&b]",
        "[[]",
        "\\-",
        "viagra",
        "[^]a]",
        "@",
        "-"
    };
    private static final String[] PCRE_ATOMS = {
        "\\d", "\\s", "(?:a|b)", "(?=a)", "(?!a)", "\\Qa.b\\E", "(?i)", "(?-i)", "[\\w-]", "\\h",
                "{",
        "a{b}", "\\x61", "(?#c)x", "\\K", "(?<n_1>a)", "(?P<m>b)", "\\S", "a\\Z", "\\t", "[\\s,]",
                "\\N"
    };
    private static final String[] POSIX_ATOMS = {
        "\\<", "\\>", "\\d", "\\D", "[a\\]", "\\W", "a{,2}"
    };
    private static final String[] QUANTIFIERS = {
        "", "", "", "", "*", "+", "?", "{2}", "{1,2}", "{0,}"
    };
    private static final String[] FLAGS = {"", "", "", "i", "m", "x"};
    private static final String[] PCRE_FLAGS = {"s", "A", "E", "U", "is", "xU"};

    @TempDir Path dir;

    @BeforeEach
    void thereIsOne() throws Exception {
        assumeTrue(Files.isExecutable(POSTMAP), "no postmap of Postfix");
        Files.writeString(dir.resolve("main.cf"), "compatibility_level = 3.6\n");
        Files.writeString(dir.resolve("master.cf"), "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"regexp", "pcre"})
    void sameAnswers(String type) throws Exception {
        assumeTrue(types().contains(type), "Postfix has no " + type + " here");
        var random = new Random(20_25);
        var different = new ArrayList<String>();
        int rounds = Integer.getInteger("postino.postmap.rounds", 40);
        int found = 0;
        for (int i = 0; i < rounds; i++) {
            String text = rules(random, type.equals("pcre"));
            List<String> keys = keys(random);
            Map<String, String> real = real(type, text, keys);
            found += real.size();
            try {
                Map<String, String> ours = ours(type, text, keys);
                if (!real.equals(ours)) {
                    different.add(text + difference(real, ours));
                }
            } catch (TableException e) {
                // both give such patterns up, but not after the same number of steps
            }
        }
        assertEquals(List.of(), different);
        assertTrue(found > rounds, "too few of the patterns match anything");
    }

    /// The first answer that differs.
    private static String difference(Map<String, String> real, Map<String, String> ours) {
        var keys = new TreeSet<>(real.keySet());
        keys.addAll(ours.keySet());
        for (String key : keys) {
            if (!Objects.equals(real.get(key), ours.get(key))) {
                return key + ": real " + real.get(key) + ", ours " + ours.get(key) + "\n";
            }
        }
        return "";
    }

    private static String pick(Random random, String[] of) {
        return of[random.nextInt(of.length)];
    }

    /// A table of a few rules, now and then with a condition around them.
    private static String rules(Random random, boolean pcre) {
        var text = new StringBuilder();
        boolean condition = random.nextInt(4) == 0;
        if (condition) {
            text.append("if ").append(random.nextInt(3) == 0 ? "!" : "");
            text.append('/').append(pattern(random, pcre, 1)).append("/\n");
        }
        int n = 1 + random.nextInt(3);
        for (int i = 0; i < n; i++) {
            boolean negative = random.nextInt(8) == 0;
            String pattern = pattern(random, pcre, 2);
            text.append(negative ? "!/" : "/")
                    .append(pattern)
                    .append('/')
                    .append(flags(random, pcre));
            text.append(" v").append(i);
            // which of several ways a group took is another matter in POSIX: see postino-tables(5)
            text.append(pcre && !negative && pattern.contains("(a") ? "[$1]" : "").append("$$\n");
        }
        return text.append(condition ? "endif\n/a/ last\n" : "").toString();
    }

    private static String flags(Random random, boolean pcre) {
        return pcre && random.nextInt(4) == 0 ? pick(random, PCRE_FLAGS) : pick(random, FLAGS);
    }

    private static String pattern(Random random, boolean pcre, int depth) {
        var text = new StringBuilder();
        int n = 1 + random.nextInt(3);
        for (int i = 0; i < n; i++) {
            int kind = random.nextInt(10);
            if (kind < 2 && depth > 0) {
                text.append('(').append(pattern(random, pcre, depth - 1)).append('|');
                text.append(pattern(random, pcre, depth - 1)).append(')');
            } else if (kind == 2) {
                text.append("(a+)");
            } else if (kind == 3) {
                text.append(pick(random, pcre ? PCRE_ATOMS : POSIX_ATOMS));
            } else {
                text.append(pick(random, ATOMS));
            }
            text.append(pick(random, QUANTIFIERS));
        }
        return text.toString();
    }

    private static List<String> keys(Random random) {
        var keys = new ArrayList<String>();
        String letters = "aabbcxo1 .-@AB{}]";
        for (int i = 0; i < 25; i++) {
            var key = new StringBuilder(random.nextInt(5) == 0 ? "Subject: " : "");
            int n = 1 + random.nextInt(8);
            for (int j = 0; j < n; j++) {
                key.append(random.nextInt(8) == 0 ? "foo" : letters.charAt(random.nextInt(17)));
            }
            key.append(random.nextInt(6) == 0 ? "VIAgra" : "");
            keys.add("k" + key + "k".repeat(random.nextInt(2)));
            keys.add(key.toString().strip() + "a");
        }
        return keys;
    }

    private String types() throws Exception {
        return run(List.of("/usr/sbin/postconf", "-c", dir.toString(), "-m"), "");
    }

    private Map<String, String> real(String type, String text, List<String> keys) throws Exception {
        Path table = Files.writeString(dir.resolve("t"), text);
        String out =
                run(
                        List.of(
                                POSTMAP.toString(),
                                "-c",
                                dir.toString(),
                                "-q",
                                "-",
                                type + ":" + table),
                        String.join("\n", keys) + "\n");
        var found = new TreeMap<String, String>();
        for (String line : out.split("\n", -1)) {
            int tab = line.indexOf('\t');
            if (tab > 0) {
                found.put(line.substring(0, tab), line.substring(tab + 1));
            }
        }
        return found;
    }

    private String run(List<String> command, String input) throws Exception {
        Path in = Files.writeString(dir.resolve("in"), input);
        Path out = dir.resolve("out");
        var process =
                new ProcessBuilder(command)
                        .redirectInput(in.toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        assertTrue(process.waitFor(30, TimeUnit.SECONDS), "postmap does not end");
        return Files.readString(out, StandardCharsets.ISO_8859_1);
    }

    private Map<String, String> ours(String type, String text, List<String> keys)
            throws IOException, TableException {
        var problems = new ArrayList<Problem>();
        Table table = RegexpSource.parse(type, "t", text, true, problems);
        var found = new TreeMap<String, String>();
        for (String key : keys) {
            table.lookup(key).ifPresent(value -> found.put(key, value));
        }
        return found;
    }
}
