// SPDX-License-Identifier: Apache-2.0

package org.postino.net.smtp;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postino.global.smtp.EnhancedStatus;
import org.postino.global.smtp.Reply;
import org.postino.util.ByteReader;

/// Reads a server's replies, of one line or several (RFC 5321, 4.2). The texts are made [Printable].
public final class ReplyReader {
    private static final int MAX_LINE = 4096;
    private static final int MAX_LINES = 256;

    private final ByteReader in;

    public ReplyReader(ByteReader in) {
        this.in = in;
    }

    /// Waits for the next reply.
    ///
    /// An enhanced status that contradicts the code is left out. A text longer than 4 KiB is an error.
    ///
    /// @throws EOFException the server left
    /// @throws ReplyFormatException what came is not SMTP
    public Reply read() throws IOException {
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
            if (lines.size() >= MAX_LINES) {
                throw new ReplyFormatException("a reply of more than " + MAX_LINES + " lines");
            }
            lines.add(withoutStatus(text(line), status));
        }
        return new Reply(code, status, List.copyOf(lines));
    }

    private String line() throws IOException {
        byte[] bytes = in.readLine(MAX_LINE);
        if (bytes.length == 0 || bytes[bytes.length - 1] != '\n') {
            throw new EOFException("lost connection");
        }
        int length = bytes.length - 1;
        while (length > 0 && bytes[length - 1] == '\r') {
            length--;
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
