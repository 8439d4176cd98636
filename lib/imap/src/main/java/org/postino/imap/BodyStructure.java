// SPDX-License-Identifier: Apache-2.0

package org.postino.imap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postino.message.ContentType;
import org.postino.message.MimePart;
import org.postino.message.MimeTokens;

/// Prints a part tree as BODY or BODYSTRUCTURE (RFC 3501, 7.4.2).
public final class BodyStructure {
    private final ImapWriter out;
    private final boolean extended;

    private BodyStructure(ImapWriter out, boolean extended) {
        this.out = out;
        this.extended = extended;
    }

    /// Prints BODY or BODYSTRUCTURE.
    ///
    /// @param extended with extension data: BODYSTRUCTURE
    public static void write(ImapWriter out, MimePart part, boolean extended) throws IOException {
        new BodyStructure(out, extended).part(part);
    }

    private void part(MimePart part) throws IOException {
        out.octet('(');
        if (part.type().is("multipart")) {
            multipart(part);
        } else {
            single(part);
        }
        out.octet(')');
    }

    private void multipart(MimePart part) throws IOException {
        if (part.children().isEmpty()) {
            // one must stand there, so an empty one does
            out.ascii("(\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 0 0");
            out.ascii(extended ? " NIL NIL NIL NIL)" : ")");
        }
        for (var child : part.children()) {
            part(child);
        }
        out.sp().string(part.type().subtype());
        if (extended) {
            parameters(part.type().parameters());
            tail(part);
        }
    }

    private void single(MimePart part) throws IOException {
        out.string(part.type().type()).sp().string(part.type().subtype());
        var parameters = part.type().parameters();
        if (part.type().is("text") && part.type().parameter("charset") == null) {
            parameters = withCharset(parameters);
        }
        parameters(parameters);
        out.sp().nstring(part.header().first("Content-ID"));
        out.sp().nstring(part.header().first("Content-Description"));
        out.sp().string(part.encoding());
        out.sp().number(part.bodySize());
        if (part.type().is("text")) {
            out.sp().number(part.bodyLines());
        } else if (part.kind() == MimePart.Kind.MESSAGE) {
            var enclosed = part.children().getFirst();
            ImapEnvelope.write(out.sp(), enclosed.header());
            out.sp();
            part(enclosed);
            out.sp().number(part.bodyLines());
        }
        if (extended) {
            out.sp().nstring(part.header().first("Content-MD5"));
            tail(part);
        }
    }

    private static List<ContentType.Parameter> withCharset(List<ContentType.Parameter> given) {
        var all = new ArrayList<>(given);
        all.add(new ContentType.Parameter("charset", "us-ascii", false));
        return all;
    }

    private void parameters(List<ContentType.Parameter> parameters) throws IOException {
        out.sp();
        if (parameters.isEmpty()) {
            out.ascii("NIL");
            return;
        }
        char before = '(';
        for (var parameter : parameters) {
            out.octet(before).string(parameter.name()).sp().string(parameter.value());
            before = ' ';
        }
        out.octet(')');
    }

    /// Disposition, language, location.
    private void tail(MimePart part) throws IOException {
        disposition(part.header().unfolded("Content-Disposition"));
        language(part.header().first("Content-Language"));
        out.sp().nstring(part.header().first("Content-Location"));
    }

    private void disposition(@Nullable String value) throws IOException {
        out.sp();
        var tokens = new MimeTokens(value == null ? "" : value);
        var word = tokens.token();
        if (word.isEmpty()) {
            out.ascii("NIL");
            return;
        }
        out.octet('(').string(word);
        parameters(tokens.parameters());
        out.octet(')');
    }

    private void language(@Nullable String value) throws IOException {
        out.sp();
        var tokens = new MimeTokens(value == null ? "" : value);
        char before = '(';
        while (!tokens.atEnd()) {
            var tag = tokens.token();
            if (!tag.isEmpty()) {
                out.octet(before).string(tag);
                before = ' ';
            } else if (!tokens.accept(',')) {
                break;
            }
        }
        out.ascii(before == '(' ? "NIL" : ")");
    }
}
