// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postino.server.Connection;

/// Asks SpamAssassin's spamd about a message, in its protocol SPAMC/1.5 with the command SYMBOLS.
///
/// The answer is a line `SPAMD/1.1 0 EX_OK`, fields of which one is `Spam: True ; 15.3 / 5.0`, an empty line and the names of the rules that were met.
final class Spamd {
    private static final Pattern SPAM =
            Pattern.compile("(true|false|yes|no) ; (-?[0-9.]{1,12}) / (-?[0-9.]{1,12})");
    private static final int MAX_LINE = 1000;
    private static final int MAX_LINES = 50;
    private static final int MAX_RULES = 8000;

    private Spamd() {}

    /// The opinion of spamd.
    ///
    /// @param spam true if spamd calls it spam
    /// @param score as spamd writes it, and as a number
    /// @param required the score from which on it does
    /// @param rules the names of those that were met, with commas between them; may be empty
    record Opinion(boolean spam, String score, double points, String required, String rules) {}

    /// Asks about a message.
    ///
    /// @param user whose preferences count; empty: nobody's
    /// @param head comes before the content
    /// @throws IOException spamd does not answer, or something else than an opinion
    static Opinion ask(
            Connection connection,
            String user,
            byte[] head,
            ByteArrayOutputStream content,
            Duration limit)
            throws IOException {
        connection.deadline(limit);
        OutputStream out = connection.out();
        var request = new StringBuilder("SYMBOLS SPAMC/1.5\r\n");
        request.append("Content-length: ").append(head.length + content.size()).append("\r\n");
        if (!user.isEmpty()) {
            request.append("User: ").append(user).append("\r\n");
        }
        out.write(request.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
        out.write(head);
        content.writeTo(out);
        out.flush();
        return answer(connection);
    }

    private static Opinion answer(Connection c) throws IOException {
        String first = line(c);
        if (!first.matches("SPAMD/[0-9.]+ 0 .*")) {
            throw new IOException("spamd says: " + first);
        }
        Matcher spam = null;
        for (int i = 0; i < MAX_LINES; i++) {
            String line = line(c);
            if (line.isEmpty()) {
                return opinion(spam, rules(c));
            }
            if (line.toLowerCase(Locale.ROOT).startsWith("spam:")) {
                spam = SPAM.matcher(line.substring(5).strip().toLowerCase(Locale.ROOT));
            }
        }
        throw new IOException("spamd says too much");
    }

    private static Opinion opinion(@Nullable Matcher spam, String rules) throws IOException {
        if (spam == null || !spam.matches()) {
            throw new IOException("spamd gives no score");
        }
        try {
            return new Opinion(
                    spam.group(1).matches("true|yes"),
                    spam.group(2),
                    Double.parseDouble(spam.group(2)),
                    spam.group(3),
                    rules);
        } catch (NumberFormatException e) {
            throw new IOException("spamd gives a score of " + spam.group(2), e);
        }
    }

    private static String rules(Connection c) throws IOException {
        var rules = new StringBuilder();
        byte[] line = c.in().readLine(MAX_RULES);
        while (line.length > 0 && rules.length() < MAX_RULES) {
            rules.append(new String(line, StandardCharsets.ISO_8859_1).strip());
            line = c.in().readLine(MAX_RULES);
        }
        return rules.toString().replaceAll("[^A-Za-z0-9_,]", "");
    }

    private static String line(Connection c) throws IOException {
        byte[] line = c.in().readLine(MAX_LINE);
        if (line.length == 0 || line[line.length - 1] != '\n') {
            throw new EOFException("spamd has closed the connection");
        }
        return new String(line, StandardCharsets.ISO_8859_1).strip();
    }
}
