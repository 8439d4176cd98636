// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.postino.util.ByteNames;
import org.postino.util.VariableText;

/// The grammar of `mail_location`: `FORMAT:PATH[:KEY=VALUE]...`.
final class MailLocationText {
    private static final Map<Character, String> VARIABLES =
            Map.of('u', "user", 'n', "username", 'd', "domain", 'h', "home");

    /// Keys that say nothing about where mail is; they are passed over.
    private static final Set<String> WITHOUT_EFFECT =
            Set.of(
                    "VOLATILEDIR",
                    "LISTINDEX",
                    "INDEXPVT",
                    "INDEXCACHE",
                    "ITERINDEX",
                    "NO-NOSELECT");

    private static final Set<String> PLACES = Set.of("INBOX", "INDEX", "CONTROL");
    private static final String MAILDIR = "maildir";
    private static final String MBOX = "mbox";

    private MailLocationText() {}

    static Optional<String> problem(String text) {
        Optional<String> variables = VariableText.problem(text, VARIABLES);
        if (text.isEmpty() || variables.isPresent()) {
            return variables;
        }
        List<String> parts = List.of(withFormat(text).split(":", -1));
        String format = parts.getFirst();
        if (!format.equals(MAILDIR) && !format.equals(MBOX)) {
            return Optional.of("the format " + format + " is not supported");
        }
        if (parts.get(1).isEmpty()) {
            return Optional.of("it has no path");
        }
        for (String part : parts.subList(2, parts.size())) {
            Optional<String> wrong = keyProblem(format, part);
            if (wrong.isPresent()) {
                return wrong;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> keyProblem(String format, String part) {
        int equals = part.indexOf('=');
        String key = equals < 0 ? part : part.substring(0, equals);
        String value = equals < 0 ? "" : part.substring(equals + 1);
        boolean maildir = format.equals(MAILDIR);
        String layout = maildir ? "maildir++" : "fs";
        String wrong =
                switch (key) {
                    case "LAYOUT" ->
                            value.toLowerCase(Locale.ROOT).equals(layout)
                                    ? ""
                                    : "no layout but " + layout + " is supported";
                    case "INBOX" -> "";
                    case "INDEX" ->
                            maildir && value.equals("MEMORY")
                                    ? "the index is always kept on the disk"
                                    : "";
                    case "CONTROL" -> maildir ? "" : "CONTROL= is for a Maildir only";
                    default -> WITHOUT_EFFECT.contains(key) ? "" : key + " is not supported";
                };
        boolean pathless = value.isEmpty() && PLACES.contains(key);
        return Optional.of(pathless ? key + "= has no path" : wrong).filter(w -> !w.isEmpty());
    }

    private static String withFormat(String text) {
        return text.indexOf(':') < 0 ? MAILDIR + ":" + text : text;
    }

    static Optional<MailLocation> location(String text, Path home, String user) {
        int at = user.indexOf('@');
        String local = at < 0 ? user : user.substring(0, at);
        String domain = at < 0 ? "" : user.substring(at + 1);
        boolean named =
                text.indexOf('%') < 0
                        || (isName(user) && isName(local) && (at < 0 || isName(domain)));
        if (text.isEmpty() || !named || problem(text).isPresent()) {
            return Optional.empty();
        }
        Map<Character, String> values =
                Map.of('u', user, 'n', local, 'd', domain, 'h', ByteNames.text(home));
        var printed =
                VariableText.parse(withFormat(text), VARIABLES)
                        .print(letter -> values.getOrDefault(letter, ""));
        return Optional.of(location(List.of(printed.split(":", -1)), home));
    }

    /// True if a name is one in a path and leads nowhere else: no `/`, no `..`, and no `:`, which would begin a key.
    private static boolean isName(String text) {
        return !text.isEmpty()
                && !text.equals(".")
                && !text.equals("..")
                && text.indexOf('/') < 0
                && text.indexOf(':') < 0
                && text.indexOf('\0') < 0;
    }

    private static MailLocation location(List<String> parts, Path home) {
        var keys = new HashMap<String, Path>();
        for (String part : parts.subList(2, parts.size())) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                keys.put(part.substring(0, equals), resolve(home, part.substring(equals + 1)));
            }
        }
        Path root = resolve(home, parts.get(1));
        if (parts.getFirst().equals(MBOX)) {
            return new MailLocation.Mbox(root, keys.getOrDefault("INBOX", root.resolve("inbox")));
        }
        return new MailLocation.Maildir(
                root,
                keys.getOrDefault("INBOX", root),
                keys.getOrDefault("CONTROL", root),
                keys.getOrDefault("INDEX", root));
    }

    private static Path resolve(Path home, String text) {
        if (text.equals("~")) {
            return home;
        }
        return home.resolve(ByteNames.path(text.startsWith("~/") ? text.substring(2) : text))
                .normalize();
    }
}
