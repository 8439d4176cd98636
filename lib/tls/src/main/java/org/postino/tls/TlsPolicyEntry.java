// SPDX-License-Identifier: Apache-2.0

package org.postino.tls;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postino.config.ValueException;

/// The right-hand side of `smtp_tls_policy_maps`: a level, then `name=value` attributes.
///
/// What cannot be understood, and what asks for more than we can do, is an error and never less TLS.
///
/// @param match `nexthop`, `dot-nexthop`, `hostname`, names and `.domains` (verify, secure), or fingerprints; empty for what main.cf says
/// @param protocols as in `smtp_tls_protocols`; null, like the next three, for what main.cf says
/// @param ciphers the lowest grade
/// @param exclude ciphers not to be used
/// @param serverName `hostname`, `nexthop` or a name
/// @param anchors PEM files with the only authorities that count
public record TlsPolicyEntry(
        TlsLevel level,
        List<String> match,
        @Nullable String protocols,
        @Nullable String ciphers,
        @Nullable String exclude,
        @Nullable String serverName,
        List<String> anchors) {

    /// For reports (RFC 8460) and for the reuse of connections: they change nothing of what is asked of a server.
    private static final Set<String> WITHOUT_EFFECT =
            Set.of(
                    "connection_reuse",
                    "enable_rpk",
                    "mx_host_pattern",
                    "policy_domain",
                    "policy_failure",
                    "policy_string",
                    "policy_ttl",
                    "policy_type");

    /// Reads an entry.
    ///
    /// @throws ValueException it cannot be honoured; the message says why
    public static TlsPolicyEntry parse(String text) throws ValueException {
        List<String> words = words(text);
        if (words.isEmpty()) {
            throw new ValueException("no security level");
        }
        TlsLevel level =
                TlsLevel.parse(words.getFirst())
                        .orElseThrow(() ->
                                new ValueException(
                                        "invalid security level \"" + words.getFirst() + "\""));
        var reading = new Reading(level);
        if (level != TlsLevel.NONE) {
            for (String word : words.subList(1, words.size())) {
                reading.attribute(word);
            }
        }
        return reading.entry();
    }

    /// Words are apart by blanks and commas; `{ name = value }` is one word.
    private static List<String> words(String text) throws ValueException {
        var words = new ArrayList<String>();
        int at = 0;
        while (at < text.length()) {
            int end = at + 1;
            if (isSeparator(text.charAt(at))) {
                at = end;
                continue;
            }
            boolean braced = text.charAt(at) == '{';
            if (braced) {
                end = text.indexOf('}', at);
                if (end < 0) {
                    throw new ValueException("a brace is not closed");
                }
            } else {
                while (end < text.length() && !isSeparator(text.charAt(end))) {
                    end++;
                }
            }
            words.add(text.substring(braced ? at + 1 : at, end));
            at = end + 1;
        }
        return words;
    }

    private static boolean isSeparator(char c) {
        return c == ',' || c == ' ' || (c >= '\t' && c <= '\r');
    }

    /// An entry in the making.
    private static final class Reading {
        private final TlsLevel level;
        private final List<String> match = new ArrayList<>();
        private final List<String> anchors = new ArrayList<>();
        private @Nullable String protocols;
        private @Nullable String ciphers;
        private @Nullable String exclude;
        private @Nullable String serverName;

        Reading(TlsLevel level) {
            this.level = level;
        }

        void attribute(String word) throws ValueException {
            int equals = word.indexOf('=');
            if (equals < 0) {
                throw new ValueException("malformed attribute \"" + word + "\": no \"=\"");
            }
            String name = word.substring(0, equals).strip().toLowerCase(Locale.ROOT);
            String value = word.substring(equals + 1).strip();
            if (WITHOUT_EFFECT.contains(name)) {
                return;
            }
            if (value.isEmpty() && !name.equals("exclude")) {
                throw new ValueException("attribute \"" + name + "\" has no value");
            }
            switch (name) {
                case "match" -> match(value);
                case "protocols" -> {
                    TlsProtocols.check(value);
                    protocols = once(name, protocols, value);
                }
                case "ciphers" -> {
                    Ciphers.checkGrade(value);
                    ciphers = once(name, ciphers, value);
                }
                case "exclude" -> exclude = once(name, exclude, value);
                case "servername" -> serverName = once(name, serverName, serverName(value));
                case "tafile" -> {
                    fits(name, level == TlsLevel.VERIFY || level == TlsLevel.SECURE);
                    anchors.add(value);
                }
                default -> throw new ValueException("unknown attribute \"" + name + "\"");
            }
        }

        private void match(String value) throws ValueException {
            fits("match", level.compareTo(TlsLevel.FINGERPRINT) >= 0);
            String separator = level == TlsLevel.FINGERPRINT ? "\\|" : ":";
            Arrays.stream(value.split(separator, -1)).filter(m -> !m.isEmpty()).forEach(match::add);
        }

        private void fits(String name, boolean fits) throws ValueException {
            if (!fits) {
                throw new ValueException(
                        "attribute \""
                                + name
                                + "\" does not go with security level \""
                                + level.word()
                                + "\"");
            }
        }

        private static String once(String name, @Nullable String before, String value)
                throws ValueException {
            if (before != null) {
                throw new ValueException("attribute \"" + name + "\" stands there twice");
            }
            return value;
        }

        private static String serverName(String value) throws ValueException {
            if (!value.equals("hostname") && !value.equals("nexthop") && !TlsClient.isName(value)) {
                throw new ValueException("\"" + value + "\" is not the name of a server");
            }
            return value;
        }

        TlsPolicyEntry entry() {
            return new TlsPolicyEntry(
                    level,
                    List.copyOf(match),
                    protocols,
                    ciphers,
                    exclude,
                    serverName,
                    List.copyOf(anchors));
        }
    }
}
