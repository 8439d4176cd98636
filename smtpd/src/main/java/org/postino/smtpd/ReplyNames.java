// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import org.jspecify.annotations.Nullable;
import org.postino.message.Address;

/// The values of names in replies that an administrator has written: `$client`, `$sender` and so on, fit for a reply.
final class ReplyNames {
    private final String allowed;

    /// @param characters that may stand in values, with C's escapes
    ReplyNames(String characters) {
        allowed = unescaped(characters);
    }

    /// The value of a name; null if no fact has it.
    @Nullable String value(String name, Facts facts) {
        Client client = facts.client();
        String value =
                switch (name) {
                    case "client" -> client.toString();
                    case "client_address" -> client.addressText();
                    case "client_name" -> client.name();
                    case "client_port" -> Integer.toString(client.port());
                    case "reverse_client_name" -> client.named().reverse();
                    case "helo_name" -> facts.helo() == null ? "" : facts.helo();
                    case "recipient" -> whole(facts.recipient());
                    case "recipient_domain" -> domain(facts.recipient());
                    case "recipient_name" -> local(facts.recipient());
                    case "sender" -> whole(facts.sender());
                    case "sender_domain" -> domain(facts.sender());
                    case "sender_name" -> local(facts.sender());
                    default -> null;
                };
        return value == null ? null : safe(value);
    }

    /// The text with `_` for other characters than those.
    String safe(String text) {
        var out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            out.append(allowed.indexOf(c) < 0 ? '_' : c);
        }
        return out.toString();
    }

    private static String whole(@Nullable Address address) {
        return address == null || address.isNull() ? "<>" : address.toString();
    }

    private static String domain(@Nullable Address address) {
        return address == null ? "" : address.domain();
    }

    private static String local(@Nullable Address address) {
        return address == null || address.isNull() ? "<>" : address.localPart();
    }

    /// Takes C's escapes off: a backslash before `t`, `n`, up to three octal digits, or the character itself.
    static String unescaped(String text) {
        var out = new StringBuilder();
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i++);
            if (c != '\\' || i == text.length()) {
                out.append(c);
                continue;
            }
            int end = i;
            while (end < text.length() && end < i + 3 && isOctal(text.charAt(end))) {
                end++;
            }
            if (end > i) {
                out.append((char) Integer.parseInt(text.substring(i, end), 8));
                i = end;
            } else {
                c = text.charAt(i++);
                out.append(c == 't' ? '\t' : c == 'n' ? '\n' : c);
            }
        }
        return out.toString();
    }

    private static boolean isOctal(char c) {
        return c >= '0' && c <= '7';
    }
}
