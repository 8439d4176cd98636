// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import org.postino.imap.ImapLexer;
import org.postino.imap.ImapSyntaxException;

/// The message that CATENATE makes of literals and of parts of other messages (RFC 4469), as one stream: each part is asked for,
/// or opened, when the one before it has been read.
final class Catenation extends InputStream {
    /// The arguments are wrong; only now, in the middle of a stream, they were read.
    static final class WrongException extends IOException {
        private final transient ImapSyntaxException syntax;

        WrongException(ImapSyntaxException syntax) {
            super(syntax);
            this.syntax = syntax;
        }

        ImapSyntaxException syntax() {
            return syntax;
        }
    }

    private final ImapSession session;
    private final ImapLexer args;
    private final long limit;
    private @Nullable InputStream part;
    private boolean literal;
    private boolean ended;
    private long taken;

    /// The arguments go on with the parenthesis.
    Catenation(ImapSession session, ImapLexer args) throws ImapSyntaxException {
        this.session = session;
        this.args = args.open();
        this.limit = session.settings().appendLimit();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int count) throws IOException {
        if (count == 0) {
            return 0;
        }
        while (!ended) {
            InputStream from = part == null ? begin() : part;
            int n = from.read(into, offset, count);
            if (n >= 0) {
                grow(n);
                return n;
            }
            finishPart();
        }
        return -1;
    }

    private void grow(long more) throws AppendRefusedException {
        taken += more;
        if (limit > 0 && taken > limit) {
            throw new AppendRefusedException(AppendReader.tooBig(limit));
        }
    }

    private InputStream begin() throws IOException {
        try {
            literal = args.acceptWord("TEXT");
            if (!literal && !args.acceptWord("URL")) {
                throw new ImapSyntaxException("Expected TEXT or URL");
            }
            args.sp();
            InputStream opened = literal ? text() : UrlPart.open(session, args.astring());
            part = opened;
            return opened;
        } catch (ImapSyntaxException e) {
            throw new WrongException(e);
        }
    }

    /// A part that is too large is refused before the client is asked for it.
    private InputStream text() throws IOException, ImapSyntaxException {
        long size = args.announcedLiteral().size();
        if (limit > 0 && size > limit - taken) {
            throw new AppendRefusedException(AppendReader.tooBig(limit));
        }
        return args.literalStream();
    }

    private void finishPart() throws IOException {
        closePart();
        ended = !args.next();
    }

    private void closePart() throws IOException {
        var open = part;
        if (open != null) {
            part = null;
            open.close();
            if (literal) {
                args.afterStream();
            }
        }
    }

    /// Takes the parenthesis that ends the parts.
    void end() throws IOException, ImapSyntaxException {
        args.close();
        if (taken == 0) {
            throw new AppendRefusedException(Tagged.no("Can't save a zero byte message."));
        }
    }

    @Override
    public void close() throws IOException {
        closePart();
    }
}
