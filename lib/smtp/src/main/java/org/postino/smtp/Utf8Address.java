// SPDX-License-Identifier: Apache-2.0

package org.postino.smtp;

import java.util.Locale;
import org.postino.util.Printable;

/// Addresses of the type `utf-8` in ORCPT and in reports: `\x{2B}` for what may not stand there literally (RFC 6533, 3).
public final class Utf8Address {
    private Utf8Address() {}

    /// For a server with SMTPUTF8 (`utf-8-addr-unitext`): characters outside ASCII stand there as they are.
    public static String eightBit(String address) {
        return encode(address, false);
    }

    /// For any server (`utf-8-addr-xtext`): nothing but ASCII. What is encoded already stays so.
    public static String sevenBit(String address) {
        return encode(address, true);
    }

    private static String encode(String address, boolean sevenBit) {
        var out = new StringBuilder(address.length());
        for (int i = 0; i < address.length(); ) {
            int c = address.codePointAt(i);
            boolean embedded = c == '\\' && embeddedEnd(address, i) > 0;
            if (embedded || (c >= 0x80 ? !sevenBit && c >= 0xa0 : isLiteral(c))) {
                out.appendCodePoint(c);
            } else {
                out.append("\\x{").append(String.format(Locale.ROOT, "%02X", c)).append('}');
            }
            i += Character.charCount(c);
            if (embedded) {
                int end = embeddedEnd(address, i - 1);
                out.append(address, i, end);
                i = end;
            }
        }
        return out.toString();
    }

    /// True if a text is well-formed, in either form.
    public static boolean isValid(String text) {
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            if (c == '\\') {
                i = embeddedEnd(text, i);
                if (i < 0) {
                    return false;
                }
                continue;
            }
            if (!(c >= 0x80 ? Printable.text(text).equals(text) : isLiteral(c))) {
                return false;
            }
            i += Character.charCount(c);
        }
        return !text.isEmpty();
    }

    private static boolean isLiteral(int c) {
        return c > ' ' && c < 0x7f && c != '+' && c != '=' && c != '\\';
    }

    /// The end of the `\x{HEX}` that begins at `start`; -1 if none does, or if it stands for a control character or no character.
    private static int embeddedEnd(String text, int start) {
        int close = text.indexOf('}', start);
        if (!text.startsWith("\\x{", start) || close < start + 5 || close > start + 9) {
            return -1;
        }
        int value = 0;
        for (int i = start + 3; i < close; i++) {
            int digit = "0123456789ABCDEF".indexOf(text.charAt(i));
            if (digit < 0) {
                return -1;
            }
            value = value * 16 + digit;
        }
        boolean character = Character.isValidCodePoint(value) && (value < 0xd800 || value > 0xdfff);
        boolean control = value < ' ' || (value >= 0x7f && value < 0xa0);
        return character && !control ? close + 1 : -1;
    }
}
