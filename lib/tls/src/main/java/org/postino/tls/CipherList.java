// SPDX-License-Identifier: Apache-2.0

package org.postino.tls;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// A list of ciphers in OpenSSL's words: `aNULL:-aNULL:HIGH:!kRSA:+SHA1:@STRENGTH`.
///
/// The words are read from left to right. `X` adds the suites that fit behind those that are there; `-X` takes them out, `!X` takes
/// them out for good, `+X` moves them to the end, `@STRENGTH` sorts by the length of the key. A word that fits no suite does nothing.
final class CipherList {
    private final Set<CipherSuite> removed = new HashSet<>();
    private List<CipherSuite> chosen = new ArrayList<>();
    private final List<CipherSuite> all;

    private CipherList(List<CipherSuite> all) {
        this.all = all;
    }

    /// The suites that a list chooses, best first.
    ///
    /// @param exclude words of suites to take out for good, apart by blanks, commas or colons
    static List<CipherSuite> choose(String list, String exclude, List<CipherSuite> all) {
        var made = new CipherList(all);
        for (String word : split(list)) {
            made.step(word);
        }
        for (String word : split(exclude)) {
            made.step("!" + word);
        }
        return made.chosen;
    }

    /// The words of a list, apart by blanks, commas, colons or semicolons.
    static List<String> split(String list) {
        var words = new ArrayList<String>();
        for (String word : list.split("[\\s,:;]+", -1)) {
            if (!word.isEmpty()) {
                words.add(word);
            }
        }
        return words;
    }

    private void step(String word) {
        char first = word.charAt(0);
        String rest = word.substring(1);
        switch (first) {
            case '!' -> {
                chosen.removeIf(suite -> suite.isMeant(rest));
                all.stream().filter(suite -> suite.isMeant(rest)).forEach(removed::add);
            }
            case '-' -> chosen.removeIf(suite -> suite.isMeant(rest));
            case '+' -> {
                var last = chosen.stream().filter(suite -> suite.isMeant(rest)).toList();
                chosen.removeAll(last);
                chosen.addAll(last);
            }
            case '@' -> {
                if (word.equalsIgnoreCase("@STRENGTH")) {
                    chosen.sort(Comparator.comparingInt(CipherSuite::bits).reversed());
                }
            }
            default -> add(word);
        }
    }

    private void add(String word) {
        for (CipherSuite suite : all) {
            if (suite.isMeant(word) && !removed.contains(suite) && !chosen.contains(suite)) {
                chosen.add(suite);
            }
        }
    }

    /// The words of a list that mean nothing to OpenSSL, and most likely were mistyped.
    static List<String> unknown(String list) {
        var unknown = new ArrayList<String>();
        for (String word : split(list)) {
            char first = word.charAt(0);
            boolean sign = first == '!' || first == '-' || first == '+';
            boolean command = word.equalsIgnoreCase("@STRENGTH") || word.startsWith("@SECLEVEL=");
            if (!command && !CipherSuite.isWord(sign ? word.substring(1) : word)) {
                unknown.add(word);
            }
        }
        return unknown;
    }
}
