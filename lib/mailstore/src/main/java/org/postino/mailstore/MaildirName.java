// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.util.Locale;

/// The name of a file in a Maildir: `base[,S=size][,W=size][:2,flags]`. The base, with its sizes, names the message for ever.
record MaildirName(String base, String suffix) {
    private static final String INFO = ":2,";

    static MaildirName parse(String fileName) {
        int at = fileName.indexOf(INFO);
        return at < 0
                ? new MaildirName(fileName, "")
                : new MaildirName(fileName.substring(0, at), fileName.substring(at));
    }

    /// Whether a directory entry can be a message: hidden files are none.
    static boolean isMessage(String fileName) {
        return !fileName.isEmpty() && fileName.charAt(0) != '.';
    }

    @Override
    public String toString() {
        return base + suffix;
    }

    /// The system flags of a suffix, as bits.
    static int flagBits(String suffix) {
        int bits = 0;
        for (int i = INFO.length(); i < suffix.length(); i++) {
            for (Flag flag : Flag.ALL) {
                if (flag.letter() == suffix.charAt(i)) {
                    bits |= flag.bit();
                }
            }
        }
        return bits;
    }

    /// The keyword letters `a`-`z` of a suffix, as bits.
    static int keywordBits(String suffix) {
        int bits = 0;
        for (int i = INFO.length(); i < suffix.length(); i++) {
            char c = suffix.charAt(i);
            if (c >= 'a' && c <= 'z') {
                bits |= 1 << (c - 'a');
            }
        }
        return bits;
    }

    /// Letters that mean nothing to us (`P` of other programs) and are kept.
    static String foreignLetters(String suffix) {
        var rest = new StringBuilder();
        for (int i = INFO.length(); i < suffix.length(); i++) {
            char c = suffix.charAt(i);
            if ("DFRST".indexOf(c) < 0 && (c < 'a' || c > 'z')) {
                rest.append(c);
            }
        }
        return rest.toString();
    }

    /// The suffix for flags and keyword letters, in ASCII order as the Maildir specification wants it.
    static String suffix(int flagBits, int keywordBits, String foreign) {
        if (flagBits == 0 && keywordBits == 0 && foreign.isEmpty()) {
            return INFO;
        }
        var letters = new StringBuilder(foreign);
        for (Flag flag : Flag.ALL) {
            if ((flagBits & flag.bit()) != 0) {
                letters.append(flag.letter());
            }
        }
        for (int i = 0; i < 26; i++) {
            if ((keywordBits & 1 << i) != 0) {
                letters.append((char) ('a' + i));
            }
        }
        char[] sorted = letters.toString().toCharArray();
        java.util.Arrays.sort(sorted);
        return INFO + new String(sorted);
    }

    /// The number after `,S=` or `,W=` in a base, or -1.
    static long size(String base, char which) {
        int at = base.indexOf("," + which + "=");
        if (at < 0) {
            return -1;
        }
        long value = 0;
        int i = at + 3;
        for (; i < base.length() && Character.isDigit(base.charAt(i)); i++) {
            value = value * 10 + (base.charAt(i) - '0');
        }
        boolean ended = i == base.length() || base.charAt(i) == ',' || base.charAt(i) == ':';
        return ended && i > at + 3 && i < at + 22 ? value : -1;
    }

    /// The leading seconds of a base, by which new messages are put in order.
    static long seconds(String base) {
        long value = 0;
        int i = 0;
        for (; i < base.length() && i < 18 && Character.isDigit(base.charAt(i)); i++) {
            value = value * 10 + (base.charAt(i) - '0');
        }
        return i == 0 ? Long.MAX_VALUE : value;
    }

    /// The microseconds after `M`, 0 if there are none.
    static long micros(String base) {
        int at = base.indexOf(".M");
        long value = 0;
        for (int i = at + 2; at >= 0 && i < base.length() && i < at + 10; i++) {
            if (!Character.isDigit(base.charAt(i))) {
                break;
            }
            value = value * 10 + (base.charAt(i) - '0');
        }
        return value;
    }

    /// A base with the sizes that Dovecot looks for.
    static String withSizes(String unique, long physical, long virtual) {
        return unique + ",S=" + physical + ",W=" + virtual;
    }

    /// The base without its sizes, for a copy.
    static String hostPart(String host) {
        return host.toLowerCase(Locale.ROOT)
                .replace("/", "\\057")
                .replace(":", "\\072")
                .replace(",", "\\054");
    }
}
