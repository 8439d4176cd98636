// SPDX-License-Identifier: Apache-2.0

package org.postino.pop3d;

import java.util.Locale;

/// `pop3_uidl_format`: `%u` is the UID, `%v` UIDVALIDITY; `X` before the letter means hexadecimal, digits before that the
/// width, a leading 0 zeros. Changing it makes every client fetch everything again.
record UidlFormat(String text) {
    String print(long uid, long uidValidity) {
        var out = new StringBuilder();
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i++);
            if (c != '%') {
                out.append(c);
                continue;
            }
            int start = i;
            while (i < text.length() && Character.isDigit(text.charAt(i))) {
                i++;
            }
            String width = text.substring(start, i);
            boolean hex = i < text.length() && text.charAt(i) == 'X';
            i += hex ? 1 : 0;
            char what = i < text.length() ? text.charAt(i++) : '%';
            switch (what) {
                case 'u' -> out.append(number(uid, width, hex));
                case 'v' -> out.append(number(uidValidity, width, hex));
                default -> out.append(what);
            }
        }
        return out.toString();
    }

    private static String number(long value, String width, boolean hex) {
        String digits =
                hex ? Long.toHexString(value).toLowerCase(Locale.ROOT) : Long.toString(value);
        int least = width.isEmpty() || width.length() > 3 ? 0 : Integer.parseInt(width);
        String filler = width.startsWith("0") ? "0" : " ";
        return filler.repeat(Math.max(0, least - digits.length())) + digits;
    }
}
