// SPDX-License-Identifier: Apache-2.0

package org.postino.cleanup;

import java.io.IOException;
import org.postino.queue.QueueFileWriter;

/// Writes the content of a message into the queue file: the header fields that are kept, then the body. Owned by one thread.
///
/// It remembers where the fields end and where the body begins, for the edits that may follow.
final class StoredContent {
    private static final byte[] CRLF = {'\r', '\n'};

    private final QueueFileWriter file;
    private final ContentScan scan;
    private long headerEnd;
    private long bodyStart;
    private boolean inBody;
    private int last = '\n';
    private int lastButOne = '\r';

    StoredContent(QueueFileWriter file, ContentScan scan) {
        this.file = file;
        this.scan = scan;
    }

    /// Takes a field, or a part of one.
    void field(byte[] bytes, int offset, int length) throws IOException {
        scan.field(bytes, offset, length);
        write(bytes, offset, length);
        headerEnd = file.contentLength();
        bodyStart = headerEnd;
    }

    /// Takes the next part of what follows the fields; the first part is the empty line.
    void body(byte[] bytes, int offset, int length) throws IOException {
        if (length > 0) {
            write(bytes, offset, length);
            if (!inBody) {
                inBody = true;
                bodyStart = file.contentLength();
            }
        }
    }

    /// Ends the last line.
    void end() throws IOException {
        if (lastButOne != '\r' || last != '\n') {
            body(CRLF, 0, 2);
        }
    }

    /// True if a field stands for REQUIRETLS.
    boolean requiresTls() {
        return scan.requiresTls();
    }

    /// The length of all fields.
    long headerEnd() {
        return headerEnd;
    }

    /// The length of everything before the body, with the empty line if there is one.
    long bodyStart() {
        return bodyStart;
    }

    private void write(byte[] bytes, int offset, int length) throws IOException {
        scan.content(bytes, offset, length);
        file.content(bytes, offset, length);
        lastButOne = length > 1 ? bytes[offset + length - 2] : last;
        last = bytes[offset + length - 1];
    }
}
