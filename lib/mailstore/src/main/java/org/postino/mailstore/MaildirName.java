// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.util.Arrays;
import java.util.Locale;

/// The name of a file in a Maildir: `base[,S=size][,W=size][:2,letters[,more]]`. The base, with its sizes, names the message for
/// ever; what stands behind a comma after the letters is other programs' and is kept.
record MaildirName(String base, String suffix) {
    private static final String INFO = ":2,";

    /// The base ends at the first colon, as in Dovecot's list of UIDs.
    static MaildirName parse(String fileName) {
        int at = fileName.indexOf(':');
        return at < 0
                ? new MaildirName(fileName, "")
                : new MaildirName(fileName.substring(0, at), fileName.substring(at));
    }

    /// True if a directory entry can be a message: hidden files are none, nor is one that no line of a list could name.
    static boolean isMessage(String fileName) {
        return !fileName.isEmpty()
                && fileName.charAt(0) != '.'
                && fileName.indexOf('\n') < 0
                && fileName.indexOf('\r') < 0;
    }

    @Override
    public String toString() {
        return base + suffix;
    }

    /// The index at which the letters of a suffix begin: behind its last `:2,`, where Dovecot looks; its end if it has none.
    private static int letters(String suffix) {
        int at = suffix.lastIndexOf(':');
        return at >= 0 && suffix.startsWith(INFO, at) ? at + INFO.length() : suffix.length();
    }

    private static int end(String suffix, int letters) {
        int comma = suffix.indexOf(',', letters);
        return comma < 0 ? suffix.length() : comma;
    }

    /// The system flags of a suffix, as bits.
    static int flagBits(String suffix) {
        int bits = 0;
        int from = letters(suffix);
        for (int i = from; i < end(suffix, from); i++) {
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
        int from = letters(suffix);
        for (int i = from; i < end(suffix, from); i++) {
            char c = suffix.charAt(i);
            if (c >= 'a' && c <= 'z') {
                bits |= 1 << (c - 'a');
            }
        }
        return bits;
    }

    /// A suffix with other flags and keyword letters. Letters that mean nothing to us (`P` of other programs) and what stands
    /// behind them are kept.
    static String changed(String suffix, int flagBits, int keywordBits) {
        int from = letters(suffix);
        int end = end(suffix, from);
        var foreign = new StringBuilder();
        for (int i = from; i < end; i++) {
            char c = suffix.charAt(i);
            if ("DFRST".indexOf(c) < 0 && (c < 'a' || c > 'z')) {
                foreign.append(c);
            }
        }
        return suffix(flagBits, keywordBits, foreign.toString()) + suffix.substring(end);
    }

    /// The suffix for flags and keyword letters, in ASCII order as the Maildir specification wants it.
    static String suffix(int flagBits, int keywordBits) {
        return suffix(flagBits, keywordBits, "");
    }

    private static String suffix(int flagBits, int keywordBits, String foreign) {
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
        Arrays.sort(sorted);
        return INFO + new String(sorted);
    }

    /// The number after `,S=` or `,W=` in a base, or -1. Not to be believed before the file was looked at.
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

    /// The time at which a file got its base, with which bases begin (seconds since 1970); -1 if this one does not.
    static long time(String base) {
        int end = base.indexOf('.');
        if (end < 1 || end > 11) {
            return -1;
        }
        long time = 0;
        for (int i = 0; i < end; i++) {
            char c = base.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            time = 10 * time + (c - '0');
        }
        return time > 0 ? time : -1;
    }

    /// A host name as it stands in a base: without the characters that mean something there, as octal numbers (Maildir's rule).
    static String hostPart(String host) {
        return host.toLowerCase(Locale.ROOT)
                .replace("/", "\\057")
                .replace(":", "\\072")
                .replace(",", "\\054");
    }
}
