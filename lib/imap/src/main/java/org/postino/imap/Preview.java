// SPDX-License-Identifier: Apache-2.0

package org.postino.imap;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.postino.message.Charsets;
import org.postino.message.HtmlText;
import org.postino.message.MimePart;
import org.postino.message.MimeTokens;

/// The beginning of a message's text, for lists (RFC 8970): of its first plain text, else of its first HTML.
public final class Preview {
    private static final int CHARACTERS = 200;

    /// The part of a text that is looked at: HTML begins with much that nobody reads.
    private static final int READ = 1 << 16;

    private static final int GRAPHEME_JOINER = 0x34f;
    private static final int ZERO_WIDTH_JOINER = 0x200d;

    private Preview() {}

    /// The text without blanks in a row; empty if the message has none.
    static String of(MessageReader reader) throws IOException {
        var texts = texts(reader.structure());
        for (var type : List.of("plain", "html")) {
            for (var part : texts) {
                if (part.type().is("text", type)) {
                    var text = shortened(text(reader, part, type.equals("html")));
                    if (!text.isEmpty()) {
                        return text;
                    }
                    break;
                }
            }
        }
        return "";
    }

    /// All texts that are no attachments, in order.
    private static List<MimePart> texts(MimePart message) {
        var texts = new ArrayList<MimePart>();
        var waiting = new ArrayList<>(List.of(message));
        while (!waiting.isEmpty()) {
            var part = waiting.removeLast();
            waiting.addAll(part.children().reversed());
            if (part.kind() == MimePart.Kind.LEAF
                    && part.type().is("text")
                    && !isAttached(part.header().unfolded("Content-Disposition"))) {
                texts.add(part);
            }
        }
        return texts;
    }

    private static boolean isAttached(@Nullable String disposition) {
        return disposition != null
                && new MimeTokens(disposition)
                        .token()
                        .toLowerCase(Locale.ROOT)
                        .equals("attachment");
    }

    private static String text(MessageReader reader, MimePart part, boolean html)
            throws IOException {
        var charset = Charsets.of(part.type().parameter("charset"));
        try (var decoded = DecodedPart.open(reader, part)) {
            if (decoded == null) {
                return "";
            }
            var text = beginning(new InputStreamReader(decoded, charset));
            return html ? HtmlText.of(text) : text;
        }
    }

    private static String beginning(Reader text) throws IOException {
        char[] chars = new char[READ];
        int n = 0;
        while (n < READ) {
            int more = text.read(chars, n, READ - n);
            if (more < 0) {
                break;
            }
            n += more;
        }
        return new String(chars, 0, n);
    }

    private static String shortened(String text) {
        var shown = new StringBuilder();
        int count = 0;
        boolean blank = false;
        for (int i = 0; i < text.length() && count < CHARACTERS; ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (Character.isWhitespace(c)
                    || Character.isSpaceChar(c)
                    || Character.isISOControl(c)) {
                blank = count > 0;
            } else if (isShown(c)) {
                if (blank && count + 1 == CHARACTERS) {
                    break;
                }
                if (blank) {
                    shown.append(' ');
                    count++;
                }
                blank = false;
                shown.appendCodePoint(c);
                count++;
            }
        }
        return shown.toString();
    }

    /// Senders fill previews with characters without width.
    private static boolean isShown(int c) {
        return c != GRAPHEME_JOINER
                && (c == ZERO_WIDTH_JOINER || Character.getType(c) != Character.FORMAT)
                && Character.getType(c) != Character.SURROGATE;
    }
}
