// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postino.imap.FetchItem;
import org.postino.imap.ImapFraming;
import org.postino.imap.ImapLexer;
import org.postino.imap.ImapSyntaxException;
import org.postino.util.ByteReader;

/// A URL of a message or a part of one (RFC 5092; PARTIAL of RFC 5550, 4.5), relative to the user's own mailboxes:
/// `/Drafts;UIDVALIDITY=385759045/;UID=20/;SECTION=1.2/;PARTIAL=0.1024`.
///
/// @param mailbox its name, decoded
/// @param uidValidity that the mailbox must have; null if it does not matter
/// @param section the wanted octets
record ImapUrl(String mailbox, @Nullable Long uidValidity, long uid, FetchItem.Section section) {
    private static final int LONGEST = 4096;
    private static final String NUMBER = "([1-9][0-9]{0,9})";
    private static final Pattern FORM =
            Pattern.compile(
                    "/([^;/][^;]*)(?:;UIDVALIDITY="
                            + NUMBER
                            + ")?/;UID="
                            + NUMBER
                            + "(?:/;SECTION=([^;]+?))?"
                            + "(?:/;PARTIAL=([0-9]{1,18})(?:\\.([1-9][0-9]{0,17}))?)?",
                    Pattern.CASE_INSENSITIVE);
    private static final ImapFraming.Limits LIMITS = new ImapFraming.Limits(LONGEST + 100, 0, 0, 0);

    /// A text that is no such URL is null.
    static @Nullable ImapUrl parse(String text) throws IOException {
        var parts = FORM.matcher(text);
        if (text.length() > LONGEST || !parts.matches()) {
            return null;
        }
        var mailbox = decoded(parts.group(1));
        var section = parts.group(4) == null ? "" : decoded(parts.group(4));
        if (mailbox == null || section == null) {
            return null;
        }
        var item = section(section, partial(parts.group(5), parts.group(6)));
        var validity = parts.group(2);
        return item == null
                ? null
                : new ImapUrl(
                        mailbox.equalsIgnoreCase("INBOX") ? "INBOX" : mailbox,
                        validity == null ? null : Long.valueOf(validity),
                        Long.parseLong(parts.group(3)),
                        item);
    }

    private static String partial(@Nullable String offset, @Nullable String length) {
        return offset == null
                ? ""
                : "<" + offset + "." + (length == null ? Long.MAX_VALUE : length) + ">";
    }

    /// The section as FETCH has it.
    private static FetchItem.@Nullable Section section(String section, String partial)
            throws IOException {
        for (int i = 0; i < section.length(); i++) {
            char c = section.charAt(i);
            if (c < ' ' || c >= 127 || c == '{') {
                return null;
            }
        }
        byte[] line =
                ("BODY.PEEK[" + section + "]" + partial + "\r\n")
                        .getBytes(StandardCharsets.US_ASCII);
        var framing =
                new ImapFraming(
                        new ByteReader(new ByteArrayInputStream(line), line.length),
                        new Nobody(),
                        LIMITS);
        framing.nextCommand();
        var args = new ImapLexer(framing);
        try {
            var items = FetchParser.items(args);
            args.end();
            return items.getFirst() instanceof FetchItem.Section found ? found : null;
        } catch (ImapSyntaxException _) {
            return null;
        }
    }

    /// The text with its `%xx` undone, which must be UTF-8.
    private static @Nullable String decoded(String text) {
        var octets = new ByteArrayOutputStream();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '%') {
                octets.write(c);
                continue;
            }
            boolean whole = i + 3 <= text.length();
            int high = whole ? Character.digit(text.charAt(i + 1), 16) : -1;
            int low = whole ? Character.digit(text.charAt(i + 2), 16) : -1;
            if (high < 0 || low < 0) {
                return null;
            }
            octets.write(high << 4 | low);
            i += 2;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(octets.toByteArray()))
                    .toString();
        } catch (CharacterCodingException _) {
            return null;
        }
    }

    /// The other side of a line that no client sends.
    private static final class Nobody implements ImapFraming.Client {
        @Override
        public void request() throws IOException {
            throw new IOException("a literal in a URL");
        }

        @Override
        public void beforeRead() {}

        @Override
        public void received() {}
    }
}
