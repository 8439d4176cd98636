// SPDX-License-Identifier: Apache-2.0

package org.postino.queue;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// The name of a message in the queue, in Postfix's forms.
///
/// Short: five hexadecimal digits of microseconds and the inode number in hexadecimal, used again after a while. Long
/// (`enable_long_queue_ids`): seconds (six digits) and microseconds (four) to base 52, `z`, the inode number to base 51; never used again.
public record QueueId(String text) implements Comparable<QueueId> {
    private static final String DIGITS = "0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz";
    private static final int MAX_LENGTH = 64;
    private static final int SECONDS = 6;
    private static final int MICROS = 4;

    public QueueId {
        if (!isShort(text) && !isLong(text)) {
            throw new IllegalArgumentException("not a queue id");
        }
    }

    /// Reads either form; empty for any other text, so that a file name never becomes a path by accident.
    public static Optional<QueueId> parse(String text) {
        return isShort(text) || isLong(text) ? Optional.of(new QueueId(text)) : Optional.empty();
    }

    static QueueId shortId(int micros, long inode) {
        return new QueueId(hexMicros(micros) + Long.toHexString(inode).toUpperCase(Locale.ROOT));
    }

    static QueueId longId(Instant time, int micros, long inode) {
        return new QueueId(
                encode(time.getEpochSecond(), 52, SECONDS)
                        + encode(micros, 52, MICROS)
                        + "z"
                        + encode(inode, 51, 1));
    }

    /// The name of a file that a local user dropped: it looks like a short id, but nobody can guess it.
    static QueueId unguessable(int micros, long random1, long random2) {
        return new QueueId(hexMicros(micros) + hex(random1) + hex(random2).substring(8));
    }

    /// The inode number in the name; zero if it is too large to be one.
    public long inode() {
        return isShort(text)
                ? text.length() > 5 + 16 ? 0 : Long.parseUnsignedLong(text.substring(5), 16)
                : decode(text.substring(SECONDS + MICROS + 1), 51);
    }

    /// The five hexadecimal digits that name the subdirectories.
    String hashText() {
        return isShort(text)
                ? text.substring(0, 5)
                : hexMicros((int) decode(text.substring(SECONDS, SECONDS + MICROS), 52));
    }

    @Override
    public int compareTo(QueueId other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }

    private static boolean isShort(String s) {
        if (s.length() < 6 || s.length() > MAX_LENGTH) {
            return false;
        }
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            if ((c < '0' || c > '9') && (c < 'A' || c > 'F')) {
                return false;
            }
        }
        return true;
    }

    private static boolean isLong(String s) {
        int z = SECONDS + MICROS;
        if (s.length() < z + 2 || s.length() > MAX_LENGTH || s.charAt(z) != 'z') {
            return false;
        }
        for (int i = 0; i < s.length(); i++) {
            int digit = DIGITS.indexOf(s.charAt(i));
            if (digit < 0 || (i > z && digit == 51)) {
                return false;
            }
        }
        return true;
    }

    private static String hex(long value) {
        String digits = Long.toHexString(value).toUpperCase(Locale.ROOT);
        return "0".repeat(16 - digits.length()) + digits;
    }

    private static String hexMicros(int micros) {
        return hex(micros & 0xfffff).substring(11);
    }

    private static String encode(long value, int base, int width) {
        var s = new StringBuilder();
        for (long rest = value; rest > 0; rest /= base) {
            s.append(DIGITS.charAt((int) (rest % base)));
        }
        while (s.length() < width) {
            s.append('0');
        }
        return s.reverse().toString();
    }

    private static long decode(String digits, int base) {
        long value = 0;
        for (int i = 0; i < digits.length(); i++) {
            value = value * base + DIGITS.indexOf(digits.charAt(i));
        }
        return Math.max(value, 0);
    }
}
