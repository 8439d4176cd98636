// SPDX-License-Identifier: Apache-2.0

package org.postino.imap;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.Charset;
import java.util.List;
import org.postino.mailstore.Mailbox;
import org.postino.message.Charsets;
import org.postino.message.EncodedWords;
import org.postino.message.HeaderBlock;
import org.postino.message.MimePart;

/// The texts of a message in which SEARCH looks. SEARCH and the full-text index go through them here, so that the index knows of all that SEARCH
/// finds.
public final class SearchedTexts {
    private final MessageReader reader;
    private final Visitor visitor;

    /// Looks at texts, one after the other.
    public interface Visitor {
        /// A field of a header: name, colon, blank, decoded text.
        ///
        /// @return true to see no more
        boolean field(String text) throws IOException;

        /// The text of a part, which is no multipart and no message. The reader may be left anywhere.
        ///
        /// @return true to see no more
        boolean text(MimePart part, Reader text) throws IOException;
    }

    private SearchedTexts(MessageReader reader, Visitor visitor) {
        this.reader = reader;
        this.visitor = visitor;
    }

    /// Shows all that SEARCH looks at in a message: texts, fields, and addresses as if they were fields.
    public static void showAll(Mailbox mailbox, long uid, Visitor visitor) throws IOException {
        try (var reader = new MessageReader(mailbox, uid)) {
            if (show(reader, true, visitor)) {
                return;
            }
            for (String field : List.of("From", "To", "Cc", "Bcc")) {
                for (String address : addresses(reader.searchable(), field)) {
                    if (visitor.field(address)) {
                        return;
                    }
                }
            }
        }
    }

    /// Shows the texts of all parts, and the fields of the header and of the parts' headers if `headers`.
    ///
    /// @return true if the visitor has seen enough
    static boolean show(MessageReader reader, boolean headers, Visitor visitor) throws IOException {
        var texts = new SearchedTexts(reader, visitor);
        return (headers && texts.showFields(reader.searchable()))
                || texts.show(reader.structure(), headers);
    }

    /// The addresses of a field as ENVELOPE shows them, decoded: without the blanks, comments, folds and quotes that may stand in the field.
    static List<String> addresses(HeaderBlock header, String field) {
        return ImapEnvelope.addresses(header, field).stream()
                .map(address -> EncodedWords.decode(address.text()))
                .toList();
    }

    private boolean show(MimePart part, boolean headers) throws IOException {
        for (var child : part.children()) {
            if ((headers && showHeader(child)) || show(child, headers)) {
                return true;
            }
        }
        return part.kind() == MimePart.Kind.LEAF
                && (part.type().is("text") || part.type().is("message"))
                && showText(part);
    }

    private boolean showHeader(MimePart part) throws IOException {
        byte[] header = reader.read(part.start(), part.bodyStart());
        return showFields(HeaderBlock.of(header, _ -> true));
    }

    private boolean showFields(HeaderBlock header) throws IOException {
        for (var field : header.fields()) {
            if (visitor.field(field.name() + ": " + EncodedWords.decode(field.unfolded()))) {
                return true;
            }
        }
        return false;
    }

    private boolean showText(MimePart part) throws IOException {
        Charset charset = Charsets.of(part.type().parameter("charset"));
        try (var decoded = DecodedPart.open(reader, part)) {
            return decoded != null && visitor.text(part, new InputStreamReader(decoded, charset));
        }
    }
}
