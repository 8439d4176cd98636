// SPDX-License-Identifier: Apache-2.0

package org.postino.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postino.config.Problem;

class RequiredTextTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            nullValues = "none",
            value = {
                "^Subject: Foo$;subject: foo",
                "^Subject:.*foo+bar;bar,fo,o,subject:",
                "foo.?bar;bar,foo",
                "a(b)?c;abc,ac",
                "[vV]iagra;viagra",
                "v[i1!]agra;v!agra,v1agra,viagra",
                "name=(a|b)c*;name=a,name=b",
                "(foo|b.*);b,foo",
                "(foo|.*);none",
                "(?:x{2}y);x,y",
                "x{0,3}y;y",
                "(?!foo)bar;bar",
                "(?<=foo)bar;bar",
                "(?i:foo);foo",
                "foo\\.bar\\-\\d;foo.bar-",
                "[^a]b;b",
                "[a-d]b;b",
                "a*;none",
                "foo\\x41;none",
                "(?x)foo;none",
                "\\bfoo\\w+@;@,foo",
            })
    void textsThatAMatchMustHave(String pattern, String texts) {
        var all = new TreeSet<String>();
        RequiredText.of(pattern).forEach(all::addAll);
        assertEquals(texts == null ? "" : texts, String.join(",", all));
    }

    /// Whatever a pattern matches, the index has told that it may.
    @Test
    void nothingThatMatchesIsMissed() {
        var random = new Random(4);
        String[] pieces = {
            "foo",
            "bar",
            "Sub",
            "a",
            ".",
            ".*",
            "(foo|bar)",
            "[ab]",
            "[^a]",
            "x?",
            "(ab)+",
            "\\.",
            "\\w",
            "(?=f)",
            "(a|)",
            "b{2}",
            "K",
            "\u0131s",
            "(?i)",
            "$",
            "[[:alpha:]]"
        };
        var patterns = new ArrayList<Pattern>();
        var rules = new StringBuilder();
        for (int i = 0; i < 400; i++) {
            var pattern = new StringBuilder();
            for (int n = 1 + random.nextInt(4); n > 0; n--) {
                pattern.append(pieces[random.nextInt(pieces.length)]);
            }
            rules.append('/').append(pattern).append("/ ").append(i).append('\n');
            patterns.add(
                    Pattern.compile(
                            pattern.toString().replace("[[:alpha:]]", "\\p{Alpha}"),
                            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.DOTALL));
        }
        var index =
                new LiteralIndex(patterns.stream().map(p -> RequiredText.of(p.pattern())).toList());
        int skipped = 0;
        String letters = "fobarSuAB.xk\u212a\u017fi ";
        for (int n = 0; n < 500; n++) {
            var key = new StringBuilder();
            for (int i = random.nextInt(14); i > 0; i--) {
                key.append(letters.charAt(random.nextInt(letters.length())));
                key.append(random.nextInt(4) == 0 ? "foO" : "");
            }
            BitSet possible = index.candidates(key);
            skipped += patterns.size() - possible.cardinality();
            for (int i = 0; i < patterns.size(); i++) {
                boolean found = patterns.get(i).matcher(key).find();
                assertTrue(!found || possible.get(i), patterns.get(i) + " in " + key);
            }
        }
        assertTrue(skipped > 50_000, "the index tells too little: " + skipped);
    }

    @Test
    void aTableOfThousandsIsSearchedForLongKeys() throws Exception {
        var text = new StringBuilder();
        for (int i = 0; i < 5000; i++) {
            text.append("/^Subject:.*pill").append(i).append("x?$/ ").append(i).append('\n');
            text.append("/[0-9]+[a-f]+z$/ z\n");
        }
        var table =
                RegexpSource.parse("regexp", "t", text.toString(), true, new ArrayList<Problem>());
        String key = "Subject: " + "1a ".repeat(600);
        assertEquals(List.of(), table.lookup(key).stream().toList());
        assertEquals("4711", table.lookup(key + "PILL4711x").orElse(""));
    }
}
