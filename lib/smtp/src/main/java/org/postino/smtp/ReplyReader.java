// SPDX-License-Identifier: Apache-2.0

package org.postino.smtp;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postino.util.ByteReader;
import org.postino.util.Printable;

/// Reads a server's replies, of one line or several (RFC 5321, 4.2). The texts are made [Printable].
///
/// A line may be longer than the 512 octets of RFC 5321, 4.5.3.1.5, and a reply of many lines: the code counts, and what is
/// too much of the text is read and forgotten.
public final class ReplyReader {
    private static final int MAX_LINE = 2048;
    private static final int MAX_LINES = 256;
    private static final int MAX_OCTETS = 1 << 20;

    private final ByteReader in;
    private int octets;

    public ReplyReader(ByteReader in) {
        this.in = in;
    }

    /// Waits for the next reply.
    ///
    /// An enhanced status that contradicts the code is left out. Of a line 2048 octets are kept, of a reply 256 lines.
    ///
    /// @throws EOFException the server left
    /// @throws ReplyFormatException what came is not SMTP, or more than a megabyte
    public Reply read() throws IOException {
        octets = 0;
        var lines = new ArrayList<String>();
        String line = line();
        int code = code(line);
        EnhancedStatus status = status(code, text(line));
        lines.add(withoutStatus(text(line), status));
        while (line.length() > 3 && line.charAt(3) == '-') {
            line = line();
            if (code(line) != code) {
                throw new ReplyFormatException("a reply of several codes: " + line);
            }
            if (lines.size() < MAX_LINES) {
                lines.add(withoutStatus(text(line), status));
            }
        }
        return new Reply(code, status, List.copyOf(lines));
    }

    /// The next line, without its end; as much of it as is kept.
    private String line() throws IOException {
        var kept = new ByteArrayOutputStream(128);
        boolean cut = false;
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("lost connection");
            }
            if (++octets > MAX_OCTETS) {
                throw new ReplyFormatException("a reply of more than " + MAX_OCTETS + " octets");
            }
            if (kept.size() < MAX_LINE) {
                kept.write(c);
            } else {
                cut = true;
            }
        }
        byte[] bytes = kept.toByteArray();
        int length = bytes.length;
        while (length > 0 && (bytes[length - 1] == '\r' || (cut && bytes[length - 1] < 0))) {
            length--; // the end of the line, or half a character
        }
        return Printable.text(new String(bytes, 0, length, StandardCharsets.UTF_8));
    }

    private static int code(String line) throws ReplyFormatException {
        boolean separated =
                line.length() == 3
                        || (line.length() > 3 && (line.charAt(3) == ' ' || line.charAt(3) == '-'));
        if (separated && digits(line)) {
            int code = Integer.parseInt(line, 0, 3, 10);
            if (code >= 200 && code <= 599) {
                return code;
            }
        }
        throw new ReplyFormatException("not an SMTP reply: " + Printable.text(line, 100));
    }

    private static boolean digits(String line) {
        for (int i = 0; i < 3; i++) {
            if (line.charAt(i) < '0' || line.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    private static String text(String line) {
        return line.length() > 4 ? line.substring(4) : "";
    }

    private static @Nullable EnhancedStatus status(int code, String text) {
        int end = text.indexOf(' ');
        String word = end < 0 ? text : text.substring(0, end);
        var status = EnhancedStatus.parse(word).orElse(null);
        return status == null || status.severity() != code / 100 ? null : status;
    }

    /// The text behind the status; a line of a longer reply that lacks it stays whole.
    private static String withoutStatus(String text, @Nullable EnhancedStatus status) {
        if (status == null) {
            return text;
        }
        String prefix = status.toString();
        if (text.equals(prefix)) {
            return "";
        }
        return text.startsWith(prefix + " ") ? text.substring(prefix.length() + 1) : text;
    }
}
