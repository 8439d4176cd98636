// SPDX-License-Identifier: Apache-2.0

package org.postino.postmail;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Options in the manner of getopt(3), and the operands behind them: the first word that is no option ends the options, as a query
/// may have words that look like some.
///
/// @param given the arguments of the options that were given, by letter; an option without an argument has an empty one
record Options(Map<Character, List<String>> given, List<String> operands) {
    /// Takes `words` apart.
    ///
    /// @param letters the options there are; one with an argument has a `:` behind it
    static Options parse(String letters, List<String> words) throws PostmailFailure {
        var given = new LinkedHashMap<Character, List<String>>();
        int i = 0;
        while (i < words.size() && words.get(i).startsWith("-") && words.get(i).length() > 1) {
            String word = words.get(i++);
            if (word.equals("--")) {
                break;
            }
            i += take(letters, word, words.subList(i, words.size()), given);
        }
        return new Options(given, List.copyOf(words.subList(i, words.size())));
    }

    /// Takes the letters of one word, and gives the number of words behind it that were used up: 0 or 1.
    private static int take(
            String letters, String word, List<String> behind, Map<Character, List<String>> given)
            throws PostmailFailure {
        for (int k = 1; k < word.length(); k++) {
            char letter = word.charAt(k);
            int at = letter == ':' ? -1 : letters.indexOf(letter);
            if (at < 0) {
                throw PostmailFailure.usage("there is no option -" + letter);
            }
            boolean argued = at + 1 < letters.length() && letters.charAt(at + 1) == ':';
            List<String> arguments = given.computeIfAbsent(letter, _ -> new ArrayList<>());
            if (!argued) {
                arguments.add("");
            } else if (k + 1 < word.length()) {
                arguments.add(word.substring(k + 1));
                return 0;
            } else if (behind.isEmpty()) {
                throw PostmailFailure.usage("option -" + letter + " needs an argument");
            } else {
                arguments.add(behind.getFirst());
                return 1;
            }
        }
        return 0;
    }

    boolean has(char letter) {
        return given.containsKey(letter);
    }

    /// The arguments of an option, in their order.
    List<String> all(char letter) {
        return given.getOrDefault(letter, List.of());
    }

    /// The argument of an option; the last one counts.
    Optional<String> last(char letter) {
        List<String> all = all(letter);
        return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
    }

    /// The operands, of which there are so many at least.
    List<String> operands(int least) throws PostmailFailure {
        return operands(least, Integer.MAX_VALUE);
    }

    /// The operands, of which there are so many at least and at most.
    List<String> operands(int least, int most) throws PostmailFailure {
        if (operands.size() < least) {
            throw PostmailFailure.usage("an argument is missing");
        }
        if (operands.size() > most) {
            throw PostmailFailure.usage("there are too many arguments");
        }
        return operands;
    }
}
