// SPDX-License-Identifier: Apache-2.0

package org.postino.cleanup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.postino.content.MimeRules;
import org.postino.message.HeaderField;
import org.postino.message.HeaderReader;

/// Refuses or marks a message whose header is not ended by an empty line (`non_empty_end_of_header_action`). Owned by one thread.
final class HeaderEnd implements HeaderReader.Sink {
    private final HeaderReader.Sink next;
    private final CheckActions actions;
    private final HeaderFields fields;
    private final boolean refuses;

    /// @param fields gets the mark
    /// @param refuses false if such a message is marked
    HeaderEnd(HeaderReader.Sink next, CheckActions actions, HeaderFields fields, boolean refuses) {
        this.next = next;
        this.actions = actions;
        this.fields = fields;
        this.refuses = refuses;
    }

    @Override
    public void unended(byte[] bytes, int offset, int length) throws IOException {
        if (refuses) {
            String line = new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
            actions.violates(MimeRules.Violation.UNENDED, line.stripTrailing());
        } else {
            fields.markUnended();
        }
    }

    @Override
    public void field(HeaderField field) throws IOException {
        next.field(field);
    }

    @Override
    public void endOfHeader() throws IOException {
        next.endOfHeader();
    }

    @Override
    public void body(byte[] bytes, int offset, int length) throws IOException {
        next.body(bytes, offset, length);
    }
}
