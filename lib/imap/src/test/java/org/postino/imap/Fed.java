// SPDX-License-Identifier: Apache-2.0

package org.postino.imap;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.postino.util.ByteReader;

/// A framing over bytes that arrive in pieces of a given size; counts continuation requests.
final class Fed {
    final ImapFraming framing;
    final List<Long> continuations = new ArrayList<>();

    Fed(String text, int piece) {
        this(text, piece, new ImapFraming.Limits(1000, 100, 200, 1000));
    }

    Fed(String text, int piece, ImapFraming.Limits limits) {
        var bytes = new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1));
        var pieces =
                new InputStream() {
                    @Override
                    public int read() {
                        return bytes.read();
                    }

                    @Override
                    public int read(byte[] into, int offset, int length) {
                        return bytes.read(into, offset, Math.min(length, piece));
                    }
                };
        framing = new ImapFraming(new ByteReader(pieces, 64), new Client(), limits);
    }

    private final class Client implements ImapFraming.Client {
        @Override
        public void request() {
            continuations.add(consumed());
        }

        @Override
        public void beforeRead() {}

        @Override
        public void received() {}
    }

    private long consumed() {
        return framing.consumed();
    }

    /// A lexer on the first command of the text.
    static ImapLexer lexer(String command) throws IOException {
        var fed = new Fed(command + "\r\n", 1000);
        if (!fed.framing.nextCommand()) {
            throw new IOException("no command");
        }
        return new ImapLexer(fed.framing);
    }
}
