// SPDX-License-Identifier: Apache-2.0

package org.postino.kit;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Reads zone files in their usual form (RFC 1035, 5): names, `@`, `$ORIGIN`, `$TTL`, comments behind `;`, parentheses over
/// several lines; the types SOA NS A AAAA MX CNAME PTR TXT.
///
/// Three words in the place of a type make a name go wrong: `SERVFAIL`, `SILENT` (no answer), `TRUNCATED` (the answer needs TCP).
final class ZoneFile {
    private final String file;
    private final DnsZones zones;
    private String origin;
    private String owner;
    private int ttl = -1;

    /// @param file for messages
    /// @param origin what names without a final dot are completed with
    ZoneFile(String file, String origin, DnsZones zones) {
        this.file = file;
        this.origin = origin;
        this.owner = origin;
        this.zones = zones;
    }

    /// @throws IllegalArgumentException what is wrong in which line
    void read(String text) {
        int number = 0;
        int open = 0;
        var words = new ArrayList<String>();
        boolean sameOwner = false;
        for (String line : text.split("\n")) {
            number++;
            if (words.isEmpty()) {
                sameOwner = !line.isEmpty() && Character.isWhitespace(line.charAt(0));
            }
            for (String word : words(line)) {
                switch (word) {
                    case "(" -> open++;
                    case ")" -> open--;
                    default -> words.add(word);
                }
            }
            if (open == 0 && !words.isEmpty()) {
                entry(words, sameOwner, number);
                words.clear();
            }
        }
    }

    private void entry(List<String> words, boolean sameOwner, int number) {
        try {
            switch (words.getFirst().toUpperCase(Locale.ROOT)) {
                case "$ORIGIN" -> origin = name(words.get(1));
                case "$TTL" -> ttl = Integer.parseInt(words.get(1));
                default -> record(new ArrayList<>(words), sameOwner);
            }
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(
                    file + ":" + number + ": " + String.join(" ", words) + ": " + e.getMessage(),
                    e);
        }
    }

    private void record(List<String> words, boolean sameOwner) {
        if (!sameOwner) {
            owner = name(words.removeFirst());
        }
        int own = ttl;
        while (words.getFirst().equalsIgnoreCase("IN") || isNumber(words.getFirst())) {
            String word = words.removeFirst();
            own = isNumber(word) ? Integer.parseInt(word) : own;
        }
        String type = words.removeFirst().toUpperCase(Locale.ROOT);
        switch (type) {
            case "SERVFAIL", "SILENT", "TRUNCATED" ->
                    zones.trouble(owner, DnsZones.Trouble.valueOf(type));
            default -> zones.add(owner, record(type, words).withTtl(own));
        }
    }

    private DnsRecord record(String type, List<String> words) {
        return switch (type) {
            case "A", "AAAA" -> DnsRecord.address(words.getFirst());
            case "MX" -> DnsRecord.mx(Integer.parseInt(words.getFirst()), name(words.get(1)));
            case "CNAME" -> DnsRecord.cname(name(words.getFirst()));
            case "PTR" -> DnsRecord.ptr(name(words.getFirst()));
            case "NS" -> DnsRecord.ns(name(words.getFirst()));
            case "TXT" -> DnsRecord.txt(String.join("", words));
            case "SOA" -> soa(words);
            default -> throw new IllegalArgumentException("unknown type " + type);
        };
    }

    private DnsRecord soa(List<String> words) {
        var numbers = words.subList(2, 7).stream().mapToInt(Integer::parseInt).toArray();
        return DnsRecord.soa(name(words.get(0)), name(words.get(1)), numbers);
    }

    /// A name without its final dot.
    private String name(String text) {
        if (text.equals("@")) {
            return origin;
        }
        if (text.endsWith(".")) {
            return text.substring(0, text.length() - 1);
        }
        return origin.isEmpty() ? text : text + "." + origin;
    }

    private static boolean isNumber(String word) {
        return word.chars().allMatch(Character::isDigit);
    }

    /// Words, parentheses, quoted strings without their quotes.
    private static List<String> words(String line) {
        var words = new ArrayList<String>();
        int i = 0;
        while (i < line.length()) {
            char c = line.charAt(i);
            int end = i + 1;
            if (c == ';') {
                break;
            }
            if (c == '"') {
                end = line.indexOf('"', i + 1);
                words.add(line.substring(i + 1, end));
                end++;
            } else if (c == '(' || c == ')') {
                words.add(String.valueOf(c));
            } else if (!Character.isWhitespace(c)) {
                while (end < line.length() && " \t();".indexOf(line.charAt(end)) < 0) {
                    end++;
                }
                words.add(line.substring(i, end));
            }
            i = end;
        }
        return words;
    }
}
