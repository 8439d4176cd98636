// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/// The modified UTF-7 in which mailbox names stand on disk and on the wire (RFC 3501, 5.1.3).
public final class ModifiedUtf7 {
    private ModifiedUtf7() {}

    public static String encode(String name) {
        var out = new StringBuilder(name.length() + 8);
        int i = 0;
        while (i < name.length()) {
            char c = name.charAt(i);
            if (c >= 0x20 && c <= 0x7e) {
                out.append(c == '&' ? "&-" : String.valueOf(c));
                i++;
                continue;
            }
            int start = i;
            while (i < name.length() && (name.charAt(i) < 0x20 || name.charAt(i) > 0x7e)) {
                i++;
            }
            byte[] utf16 = name.substring(start, i).getBytes(StandardCharsets.UTF_16BE);
            String base64 = Base64.getEncoder().withoutPadding().encodeToString(utf16);
            out.append('&').append(base64.replace('/', ',')).append('-');
        }
        return out.toString();
    }

    /// Reads an encoded name; empty if it is not well-formed or not in the one form [#encode] gives.
    public static Optional<String> decode(String text) {
        var out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x20 || c > 0x7e) {
                return Optional.empty();
            }
            if (c != '&') {
                out.append(c);
                continue;
            }
            int end = text.indexOf('-', i);
            if (end < 0) {
                return Optional.empty();
            }
            if (end == i + 1) {
                out.append('&');
            } else {
                try {
                    byte[] utf16 =
                            Base64.getDecoder()
                                    .decode(text.substring(i + 1, end).replace(',', '/'));
                    out.append(new String(utf16, StandardCharsets.UTF_16BE));
                } catch (IllegalArgumentException e) {
                    return Optional.empty();
                }
            }
            i = end;
        }
        String name = out.toString();
        return encode(name).equals(text) ? Optional.of(name) : Optional.empty();
    }
}
