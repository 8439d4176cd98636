// SPDX-License-Identifier: Apache-2.0

package org.postino.cleanup;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import org.postino.content.CheckTables;
import org.postino.content.ContentChecks;
import org.postino.message.HeaderReader;
import org.postino.queue.CleanupResult.Refused;
import org.postino.queue.Envelope;
import org.postino.queue.MessageEdit;
import org.postino.queue.QueueFileWriter;
import org.postino.queue.QueueId;

/// The content of one message on its way into the queue file, and the edits behind it. Owned by one thread.
///
/// It goes one way: [StrayLineEnds] and [CharacterFilter] replace octets or leave them out, [HeaderReader] finds the fields, [HeaderFields] changes them, [StoredContent] writes
/// them; the body goes to the last of these at once. Where content is to be looked at, [ContentChecks] stands before both, and where it is
/// to be made 7 bit, [SevenBitConversion] before that.
final class IntakeContent implements CharacterFilter.Next {
    private final CleanupSettings settings;
    private final QueueFileWriter writer;
    private final CheckActions actions;
    private final @Nullable StrayLineEnds strayEnds;
    private final @Nullable CharacterFilter characters;
    private final HeaderReader header;
    private final HeaderReader.Sink sink;
    private final @Nullable SevenBitConversion conversion;
    private final @Nullable ContentChecks checks;
    private final HeaderFields fields;
    private final StoredContent stored;
    private final ContentScan scan;
    private final MilterChecks milterChecks;
    private boolean begun;
    private boolean open;
    private long received;
    private @Nullable MessageEditor editor;

    /// The message to which the content belongs.
    record Message(QueueId id, Envelope envelope, RecipientRules rules, QueueFileWriter file) {}

    /// @param actions does what tables say
    /// @param looksAtIt false for mail that is taken as it is, whatever it contains
    IntakeContent(CleanupContext shared, Message message, CheckActions actions, boolean looksAtIt) {
        settings = shared.settings();
        writer = message.file();
        this.actions = actions;
        scan = new ContentScan(message.envelope(), settings);
        stored = new StoredContent(writer, scan);
        fields =
                new HeaderFields(
                        settings, message.rules(), message.envelope(), message.id(), stored);
        CheckTables tables = shared.checks();
        checks = looksAtIt && !tables.isEmpty() ? new ContentChecks(tables, actions, fields) : null;
        HeaderReader.Sink checked = checks == null ? fields : checks;
        conversion =
                looksAtIt && settings.converts()
                        ? new SevenBitConversion(tables.limits(), checked)
                        : null;
        sink = conversion == null ? checked : conversion;
        String end = looksAtIt ? settings.headerEnd() : "fix_quietly";
        header =
                new HeaderReader(
                        settings.headerSizeLimit(),
                        end.equals("fix_quietly")
                                ? sink
                                : new HeaderEnd(sink, actions, fields, end.equals("reject")));
        milterChecks = new MilterChecks(shared.milterChecks(), actions);
        characters =
                looksAtIt && !settings.characters().isEmpty()
                        ? new CharacterFilter(settings.characters(), this)
                        : null;
        strayEnds =
                looksAtIt && settings.replacesStrayEnds() ? new StrayLineEnds(this::clean) : null;
    }

    /// True if what is in it, or what a milter makes of it, may change who gets the message.
    boolean mayRedirect() {
        return checks != null || milterChecks.isWanted();
    }

    /// Takes the next piece; returns the reason why the message cannot be taken because of it, or null.
    @Nullable Refused take(byte[] bytes, int offset, int length) throws IOException {
        received += length;
        long limit = settings.messageSizeLimit();
        if (limit > 0 && received > limit) {
            return Refusals.tooBig(limit);
        }
        begin();
        if (strayEnds == null) {
            clean(bytes, offset, length);
        } else {
            strayEnds.content(bytes, offset, length);
        }
        return null;
    }

    private void clean(byte[] bytes, int offset, int length) throws IOException {
        if (characters == null) {
            content(bytes, offset, length);
        } else {
            characters.content(bytes, offset, length);
        }
    }

    @Override
    public void content(byte[] bytes, int offset, int length) throws IOException {
        int used = header.done() ? 0 : header.feed(bytes, offset, length);
        if (used < length) {
            sink.body(bytes, offset + used, length - used);
        }
    }

    @Override
    public void rejected(String line) throws IOException {
        throw actions.disallowed(line);
    }

    private void begin() throws IOException {
        if (!begun) {
            begun = true;
            open = true;
            writer.beginContent();
        }
    }

    /// True if something came behind it.
    boolean hasEnded() {
        return begun && !open;
    }

    /// Ends it if it has begun: the content is one region of the file, and what comes behind it ends it.
    void endIfBegun() throws IOException {
        if (begun) {
            end();
        }
    }

    /// Ends it, be it empty.
    void end() throws IOException {
        begin();
        if (!open) {
            return;
        }
        if (strayEnds != null) {
            strayEnds.end();
        }
        if (characters != null) {
            characters.end();
        }
        header.finish();
        if (conversion != null) {
            conversion.end();
        }
        if (checks != null) {
            checks.end();
        }
        stored.end();
        open = false;
    }

    /// Does an edit; returns the reason why the message cannot be taken because of it, or null.
    @Nullable Refused edit(MessageEdit edit) throws IOException {
        end();
        if (editor == null) {
            editor = new MessageEditor(writer, scan, settings, stored);
        }
        for (MessageEdit one : milterChecks.allowed(edit)) {
            Refused no = editor.apply(one);
            if (no != null) {
                return no;
            }
        }
        return null;
    }

    /// Ends what edits have begun.
    void endEdits() throws IOException {
        if (editor != null) {
            editor.finish();
        }
    }

    /// Opens the message as it is now.
    InputStream message() throws IOException {
        end();
        endEdits();
        return writer.message();
    }

    /// Writes what was found in it as attributes.
    void note(Envelope declared) throws IOException {
        scan.write(declared, writer);
    }

    /// The number of Received: fields.
    int hops() {
        return fields.hops();
    }

    /// The text of the `message-id=` log line.
    String messageIdLine() {
        return fields.messageIdLine();
    }
}
