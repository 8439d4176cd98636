// SPDX-License-Identifier: Apache-2.0

package org.postino.cleanup;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postino.message.HeaderField;
import org.postino.message.HeaderReader;
import org.postino.queue.CleanupResult;
import org.postino.queue.CleanupResult.Refused;
import org.postino.queue.Envelope;
import org.postino.queue.NewFile;
import org.postino.queue.QueueFileWriter;
import org.postino.queue.QueueId;
import org.postino.queue.QueueName;
import org.postino.queue.Recipient;
import org.postino.queue.Spool;
import org.postino.table.TableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One message on its way into the queue. Owned by one thread.
///
/// The first thing that goes wrong decides the result; what comes after it is ignored, so that the sender may finish in peace.
/// Until [#finish()] has committed it, closing removes every trace of the message.
final class Intake implements Closeable, HeaderReader.Sink {
    private static final Logger LOG = LoggerFactory.getLogger("cleanup");
    private static final byte[] CRLF = {'\r', '\n'};

    private final Workshop shop;
    private final Envelope envelope;
    private NewFile file;
    private final QueueFileWriter writer;
    private final HeaderReader header;
    private final HeaderFields fields;
    private final ContentScan scan;
    private final Set<String> known = new HashSet<>();
    private final List<Recipient> late = new ArrayList<>();
    private @Nullable Refused refused;
    private boolean contentBegun;
    private boolean inContent;
    private boolean committed;
    private long received;
    private int last = '\n';
    private int lastButOne = '\r';

    /// Starts the message in a new file; `buffer` is the message's until it is closed.
    ///
    /// @throws CleanupService.NoFileException the file cannot be made
    /// @throws TableException the sender cannot be looked up now
    Intake(Workshop shop, Envelope given, byte[] buffer)
            throws CleanupService.NoFileException, TableException {
        this.shop = shop;
        envelope = given.withSender(shop.rules().sender(given.sender()));
        file = newFile(shop.spool());
        writer = new QueueFileWriter(file.channel(), buffer);
        header = new HeaderReader(shop.settings().headerSizeLimit(), this);
        fields =
                new HeaderFields(
                        shop.settings(), shop.rules(), envelope, file.id(), this::writeField);
        scan = new ContentScan(envelope, shop.settings().utf8Classes());
        attempt(() -> writer.envelope(envelope));
    }

    private static NewFile newFile(Spool spool) throws CleanupService.NoFileException {
        try {
            return spool.create(QueueName.INCOMING);
        } catch (IOException e) {
            throw new CleanupService.NoFileException(e);
        }
    }

    QueueId id() {
        return file.id();
    }

    /// Adds a recipient and whatever it stands for.
    void recipient(Recipient given) {
        attempt(() -> {
            for (Recipient r : shop.rules().recipients(given)) {
                add(r);
                for (Recipient copy : shop.rules().copiesFor(r)) {
                    add(copy);
                }
            }
        });
    }

    private void add(Recipient r) throws IOException {
        var key = shop.rules().duplicateKey(r, known.size());
        boolean fresh = key.isEmpty() || known.add(key.get());
        if (fresh && inContent) {
            late.add(r);
        } else if (fresh) {
            writer.recipient(r);
        }
    }

    /// Takes the next piece of the message.
    void content(byte[] bytes, int offset, int length) {
        received += length;
        long limit = shop.settings().messageSizeLimit();
        if (limit > 0 && received > limit) {
            refuse(Refusals.tooBig(limit));
        }
        attempt(() -> {
            beginContent();
            int used = header.done() ? 0 : header.feed(bytes, offset, length);
            if (used < length) {
                body(bytes, offset + used, length - used);
            }
        });
    }

    /// Ends the message: it is committed, or nothing is left of it.
    CleanupResult finish() {
        attempt(this::complete);
        Refused no = refused;
        if (no != null) {
            remove();
            LOG.warn("{}: not accepted: {}", file.id(), no.reason());
            return no;
        }
        if (!held()) {
            shop.announce(file.id());
        }
        return new CleanupResult.Queued(file.id(), writer.contentLength());
    }

    private void complete() throws IOException, TableException, RecipientRules.ExpansionException {
        beginContent();
        header.finish();
        if (lastButOne != '\r' || last != '\n') {
            body(CRLF, 0, 2);
        }
        endContent();
        if (fields.hops() > shop.settings().hopLimit()) {
            refuse(Refusals.tooManyHops(shop.settings().hopLimit()));
            return;
        }
        if (writer.recipients() == 0) {
            refuse(Refusals.noRecipients());
            return;
        }
        if (!envelope.sender().isEmpty()) {
            for (Recipient copy : shop.rules().copiesFor(envelope.sender())) {
                for (Recipient r : shop.rules().recipients(copy)) {
                    add(r);
                }
            }
        }
        scan.write(envelope, writer);
        writer.finish();
        if (held()) {
            hold();
        }
        LOG.info("{}: {}", file.id(), fields.messageIdLine());
        shop.commit().commit(file);
        committed = true;
    }

    /// Whether an access table of smtpd wants the message looked at before it is delivered.
    private boolean held() {
        return envelope.attribute(Envelope.HOLD).equals(Envelope.YES);
    }

    /// Gives the finished file its name in the hold queue; from `incoming`, qmgr would take it.
    private void hold() throws IOException {
        if (!shop.spool().move(file.id(), QueueName.INCOMING, QueueName.HOLD)) {
            throw new IOException(file.id() + " has gone from the queue");
        }
        Path held = shop.spool().path(QueueName.HOLD, file.id());
        file = new NewFile(file.id(), held, file.channel());
    }

    /// Throws the message away unless it was committed.
    @Override
    public void close() {
        try {
            file.channel().close();
        } catch (IOException e) {
            LOG.warn("{}: closing {}: {}", file.id(), file.path(), e.getMessage());
        }
        if (!committed) {
            remove();
        }
    }

    private void remove() {
        try {
            Files.deleteIfExists(file.path());
        } catch (IOException e) {
            LOG.warn("{}: cannot remove {}: {}", file.id(), file.path(), e.getMessage());
        }
    }

    @Override
    public void field(HeaderField field) throws IOException {
        try {
            fields.field(field);
        } catch (TableException e) {
            refuse(Refusals.lookup(String.valueOf(e.getMessage())));
        }
    }

    @Override
    public void endOfHeader() throws IOException {
        fields.addMissing();
    }

    @Override
    public void body(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return;
        }
        scan.content(bytes, offset, length);
        writer.content(bytes, offset, length);
        lastButOne = length > 1 ? bytes[offset + length - 2] : last;
        last = bytes[offset + length - 1];
    }

    private void writeField(byte[] bytes, int offset, int length) throws IOException {
        scan.field(bytes, offset, length);
        body(bytes, offset, length);
    }

    private void beginContent() throws IOException {
        if (!contentBegun) {
            contentBegun = true;
            inContent = true;
            writer.beginContent();
        }
    }

    /// The content is one region of the file: recipients that came meanwhile stand behind it.
    private void endContent() throws IOException {
        inContent = false;
        for (Recipient r : late) {
            writer.recipient(r);
        }
    }

    private interface Step {
        void run() throws IOException, TableException, RecipientRules.ExpansionException;
    }

    private void attempt(Step step) {
        if (refused != null) {
            return;
        }
        try {
            step.run();
        } catch (IOException e) {
            refuse(Refusals.write(e));
        } catch (TableException e) {
            refuse(Refusals.lookup(String.valueOf(e.getMessage())));
        } catch (RecipientRules.ExpansionException e) {
            refuse(Refusals.aliasExpansion(e.address()));
        }
    }

    private void refuse(Refused reason) {
        if (refused == null) {
            refused = reason;
        }
    }

    /// What all messages share.
    interface Workshop {
        CleanupSettings settings();

        RecipientRules rules();

        Spool spool();

        Commit commit();

        /// Tells the queue manager, without waiting for it.
        void announce(QueueId id);
    }
}
