// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.postino.imap.BoundedStream;
import org.postino.imap.FetchItem;
import org.postino.imap.MessageReader;
import org.postino.imap.SectionReader;
import org.postino.mailstore.MailStoreException;
import org.postino.mailstore.Mailbox;

/// The octets that a URL names, of a message in one of the user's own mailboxes (RFC 4469, 3; RFC 5550, 4.5).
final class UrlPart extends FilterInputStream {
    private final MessageReader reader;
    private final Closeable afterwards;

    private UrlPart(InputStream octets, MessageReader reader, Closeable afterwards) {
        super(octets);
        this.reader = reader;
        this.afterwards = afterwards;
    }

    /// Opens them.
    ///
    /// @throws AppendRefusedException there is no such message, or no such part of it
    static InputStream open(ImapSession session, String text) throws IOException {
        var url = ImapUrl.parse(text);
        if (url == null) {
            throw refused(text);
        }
        try {
            boolean selected =
                    session.state() == ImapCommand.State.SELECTED
                            && session.store().isOf(session.selected().mailbox(), url.mailbox());
            return selected
                    ? open(url, session.selected().mailbox(), () -> {})
                    : opened(url, session.store().open(url.mailbox(), true));
        } catch (MailStoreException e) {
            if (e.problem() == MailStoreException.Problem.IN_USE) {
                throw e;
            }
            throw refused(text);
        }
    }

    private static InputStream opened(ImapUrl url, Mailbox mailbox) throws IOException {
        boolean done = false;
        try {
            var part = open(url, mailbox, mailbox);
            done = true;
            return part;
        } finally {
            if (!done) {
                mailbox.close();
            }
        }
    }

    private static InputStream open(ImapUrl url, Mailbox mailbox, Closeable afterwards)
            throws IOException {
        var validity = url.uidValidity();
        if (mailbox.sequence(url.uid()) == 0
                || (validity != null && validity != mailbox.uidValidity())) {
            throw gone();
        }
        var reader = new MessageReader(mailbox, url.uid());
        boolean done = false;
        try {
            var part = new UrlPart(octets(reader, url.section()), reader, afterwards);
            done = true;
            return part;
        } finally {
            if (!done) {
                reader.close();
            }
        }
    }

    private static InputStream octets(MessageReader reader, FetchItem.Section section)
            throws IOException {
        if (!section.path().isEmpty()
                && SectionReader.part(reader.structure(), section.path()) == null) {
            throw gone();
        }
        var found = SectionReader.find(reader, section);
        var part = FetchItem.Partial.of(section.partial(), found.size());
        return switch (found) {
            case SectionReader.Held(var octets) ->
                    new ByteArrayInputStream(octets, (int) part.offset(), (int) part.length());
            case SectionReader.Span(var start, var _) ->
                    new BoundedStream(reader.stream(start + part.offset()), part.length());
        };
    }

    private static MailStoreException gone() {
        return new MailStoreException(
                MailStoreException.Problem.EXPUNGED, "No such message or part.");
    }

    private static AppendRefusedException refused(String url) {
        return new AppendRefusedException(
                Tagged.no(ResponseCode.badUrl(url), "The URL leads to nothing."));
    }

    @Override
    public void close() throws IOException {
        try (var _ = afterwards;
                var _ = reader) {
            super.close();
        }
    }
}
