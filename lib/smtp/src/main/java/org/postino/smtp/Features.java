// SPDX-License-Identifier: Apache-2.0

package org.postino.smtp;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// The keywords that a server announced in its reply to EHLO or LHLO, in upper case, with their parameters.
///
/// @param name the name by which the server calls itself
public record Features(String name, Map<String, String> keywords) {

    /// Makes the features of a server that knows no extensions, from its reply to HELO.
    public static Features none(Reply helo) {
        return new Features(firstWord(helo.text()), Map.of());
    }

    /// Reads a reply to EHLO or LHLO.
    ///
    /// @param discarded keywords in upper case that count as not announced
    public static Features parse(Reply ehlo, List<String> discarded) {
        var keywords = new HashMap<String, String>();
        for (String line : ehlo.lines().subList(1, ehlo.lines().size())) {
            String text = line.strip();
            if (text.toUpperCase(Locale.ROOT).startsWith("AUTH=")) {
                text = "AUTH " + text.substring("AUTH=".length()); // an old form
            }
            String keyword = firstWord(text).toUpperCase(Locale.ROOT);
            if (!discarded.contains(keyword)) {
                keywords.put(keyword, text.substring(keyword.length()).strip());
            }
        }
        return new Features(firstWord(ehlo.text()), Map.copyOf(keywords));
    }

    /// True if the keyword, in upper case, was announced.
    public boolean has(String keyword) {
        return keywords.containsKey(keyword);
    }

    /// Returns the size of the largest message that the server takes, in octets; 0 if it does not say.
    public long sizeLimit() {
        try {
            return Math.max(0, Long.parseLong(keywords.getOrDefault("SIZE", "0")));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /// The words behind a keyword, in upper case; none without the keyword.
    public Set<String> words(String keyword) {
        String text = keywords.getOrDefault(keyword, "").toUpperCase(Locale.ROOT);
        return text.isEmpty() ? Set.of() : Set.copyOf(List.of(text.split("\\s+", -1)));
    }

    /// Lists the offered SASL mechanisms, in upper case.
    public List<String> mechanisms() {
        String text = keywords.getOrDefault("AUTH", "").toUpperCase(Locale.ROOT);
        return text.isEmpty() ? List.of() : List.of(text.split("\\s+", -1));
    }

    private static String firstWord(String text) {
        int end = text.indexOf(' ');
        return end < 0 ? text : text.substring(0, end);
    }
}
