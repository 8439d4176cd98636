// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.postino.smtp.EnhancedStatus;

/// The right-hand side of an access table (access(5)).
sealed interface AccessAction {
    record Ok() implements AccessAction {}

    record Dunno() implements AccessAction {}

    /// A refusal.
    ///
    /// @param code 0: as configured for REJECT
    /// @param text empty: the usual words
    record Reject(int code, @Nullable EnhancedStatus status, String text) implements AccessAction {}

    record Defer(@Nullable EnhancedStatus status, String text) implements AccessAction {}

    record DeferIfPermit(@Nullable EnhancedStatus status, String text) implements AccessAction {}

    record DeferIfReject(@Nullable EnhancedStatus status, String text) implements AccessAction {}

    record Hold(String text) implements AccessAction {}

    record Discard(String text) implements AccessAction {}

    record Redirect(String address) implements AccessAction {}

    record Bcc(String address) implements AccessAction {}

    record Prepend(String field) implements AccessAction {}

    record Warn(String text) implements AccessAction {}

    record Remark(String text) implements AccessAction {}

    /// Names of restrictions, to be asked in its place.
    record Ask(String restrictions) implements AccessAction {}

    /// What cannot be done as it is written, and why.
    record Broken(String why) implements AccessAction {}

    static AccessAction parse(String value) {
        String line = value.strip();
        int blank = firstBlank(line);
        String word = line.substring(0, blank).toUpperCase(Locale.ROOT);
        String rest = line.substring(blank).strip();
        return switch (word) {
            case "OK", "PERMIT" -> new Ok();
            case "DUNNO" -> new Dunno();
            case "REJECT" -> reject(0, rest);
            case "DEFER" -> new Defer(status(rest, 4), text(rest));
            case "DEFER_IF_PERMIT" -> new DeferIfPermit(status(rest, 4), text(rest));
            case "DEFER_IF_REJECT" -> new DeferIfReject(status(rest, 4), text(rest));
            case "HOLD" -> new Hold(rest);
            case "DISCARD" -> new Discard(rest);
            case "REDIRECT" -> address(word, rest) ? new Redirect(rest) : needsAddress(word);
            case "BCC" -> address(word, rest) ? new Bcc(rest) : needsAddress(word);
            case "PREPEND" -> prepend(rest);
            case "WARN" -> new Warn(rest);
            case "INFO" -> new Remark(rest);
            case "FILTER" -> new Broken("FILTER is not supported");
            default -> other(word, rest, line);
        };
    }

    private static AccessAction other(String word, String rest, String line) {
        if (word.isEmpty()) {
            return new Broken("an empty action");
        }
        boolean digits = word.chars().allMatch(c -> c >= '0' && c <= '9');
        char first = word.charAt(0);
        if (digits && word.length() == 3 && (first == '4' || first == '5') && !rest.isEmpty()) {
            return reject(Integer.parseInt(word), rest);
        }
        return digits ? new Ok() : new Ask(line);
    }

    private static AccessAction reject(int code, String rest) {
        return new Reject(code, status(rest, code / 100 == 4 ? 4 : 5), text(rest));
    }

    private static boolean address(String word, String rest) {
        return !word.isEmpty() && rest.indexOf('@') > 0 && firstBlank(rest) == rest.length();
    }

    private static AccessAction needsAddress(String word) {
        return new Broken(word + " without an address user@domain");
    }

    private static AccessAction prepend(String rest) {
        int colon = rest.indexOf(':');
        boolean name = colon > 0;
        for (int i = 0; i < colon; i++) {
            char c = rest.charAt(i);
            name &= c > ' ' && c < 0x7f;
        }
        for (int i = Math.max(colon, 0); i < rest.length(); i++) {
            name &= rest.charAt(i) >= ' ' || rest.charAt(i) == '\t';
        }
        return name ? new Prepend(rest) : new Broken("PREPEND without a header field");
    }

    /// An enhanced status at the start of the text, if it has the right class or can be given it.
    private static @Nullable EnhancedStatus status(String rest, int severity) {
        var status = EnhancedStatus.parse(rest.substring(0, firstBlank(rest))).orElse(null);
        return status == null ? null : status.withSeverity(severity);
    }

    private static String text(String rest) {
        int blank = firstBlank(rest);
        return EnhancedStatus.parse(rest.substring(0, blank)).isPresent()
                ? rest.substring(blank).strip()
                : rest;
    }

    private static int firstBlank(String text) {
        int i = 0;
        while (i < text.length() && text.charAt(i) != ' ' && text.charAt(i) != '\t') {
            i++;
        }
        return i;
    }
}
