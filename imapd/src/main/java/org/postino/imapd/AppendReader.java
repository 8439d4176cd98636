// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.postino.imap.Extension;
import org.postino.imap.ImapDates;
import org.postino.imap.ImapLexer;
import org.postino.imap.ImapSyntaxException;
import org.postino.imap.PeerException;
import org.postino.mailstore.Adding;
import org.postino.mailstore.Flags;

/// The messages that APPEND and REPLACE bring (RFC 4466, 6, append-opts and append-data; RFC 4469): they go from the connection to
/// the store without being held in memory.
final class AppendReader {
    private final ImapSession session;
    private final ImapLexer args;
    private final Adding adding;

    AppendReader(ImapSession session, ImapLexer args, Adding adding) {
        this.session = session;
        this.args = args;
        this.adding = adding;
    }

    /// Takes a message with its flags and date; the arguments go on behind it.
    ///
    /// @throws AppendRefusedException it is too large, empty, or made of what there is not
    void message() throws IOException, ImapSyntaxException {
        var flags = Flags.NONE;
        if (args.peek() == '(') {
            flags = StoreCommand.flags(args.flagList());
            args.sp();
        }
        Instant date = null;
        if (args.peek() == '"') {
            date = ImapDates.dateTime(args);
            args.sp();
        }
        if (args.acceptWord("CATENATE")) {
            catenated(flags, date);
        } else if (args.has(Extension.UTF8_ACCEPT) && args.acceptWord("UTF8")) {
            // RFC 6855, 4
            args.sp().open();
            literal(flags, date);
            args.close();
        } else {
            literal(flags, date);
        }
    }

    private void literal(Flags flags, @Nullable Instant date)
            throws IOException, ImapSyntaxException {
        boolean binary = args.accept('~');
        var announced = args.announcedLiteral();
        if (announced.size() == 0) {
            throw new AppendRefusedException(Tagged.no("Can't save a zero byte message."));
        }
        long limit = session.settings().appendLimit();
        if (limit > 0 && announced.size() > limit) {
            throw new AppendRefusedException(tooBig(limit));
        }
        try (InputStream literal = args.literalStream()) {
            adding.add(flags, date, binary ? new BinaryMessage(literal) : literal);
        } catch (PeerException e) {
            throw e;
        } catch (IOException e) {
            // the literal was read to its end all the same: the next command stands behind it
            args.afterStream();
            throw e;
        }
        args.afterStream();
    }

    private void catenated(Flags flags, @Nullable Instant date)
            throws IOException, ImapSyntaxException {
        try (var parts = new Catenation(session, args.sp())) {
            adding.add(flags, date, parts);
            parts.end();
        } catch (Catenation.WrongException e) {
            throw e.syntax();
        }
    }

    static Tagged tooBig(long limit) {
        return Tagged.no(ResponseCode.TOOBIG, "Message is larger than " + limit + " bytes.");
    }
}
