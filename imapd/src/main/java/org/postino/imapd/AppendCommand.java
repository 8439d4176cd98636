// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.postino.mailstore.Appended;
import org.postino.mailstore.Flags;
import org.postino.mailstore.NoSuchMailboxException;

/// APPEND (RFC 3501, 6.3.11): the message goes from the connection to the store without being held in memory.
final class AppendCommand {
    private AppendCommand() {}

    static Tagged run(ImapSession session, ImapLexer args) throws IOException, ImapSyntaxException {
        var name = args.sp().mailbox();
        args.sp();
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
        var announced = args.announcedLiteral();
        if (announced.size() == 0) {
            return Tagged.no("Can't save a zero byte message.");
        }
        long limit = session.settings().appendLimit();
        if (limit > 0 && announced.size() > limit) {
            return Tagged.no(ResponseCode.TOOBIG, "Message is larger than " + limit + " bytes.");
        }
        if (!session.store().exists(name)) {
            return noSuchMailbox();
        }
        return append(session, args, name, flags, date);
    }

    private static Tagged noSuchMailbox() {
        return Tagged.no(ResponseCode.TRYCREATE, "Mailbox doesn't exist.");
    }

    private static Tagged append(
            ImapSession session, ImapLexer args, String name, Flags flags, @Nullable Instant date)
            throws IOException, ImapSyntaxException {
        Appended appended;
        try (InputStream message = args.literalStream()) {
            appended = session.store().append(name, flags, date, message);
        } catch (PeerException e) {
            throw e;
        } catch (NoSuchMailboxException _) {
            args.afterStream();
            return noSuchMailbox();
        } catch (IOException e) {
            // the literal was read to its end all the same: the next command stands behind it
            args.afterStream();
            throw e;
        }
        args.afterStream();
        args.end();
        return Tagged.ok(
                ResponseCode.appendUid(appended.uidValidity(), appended.uid()),
                "Append completed.");
    }
}
