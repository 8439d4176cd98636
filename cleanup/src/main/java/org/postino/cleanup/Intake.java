// SPDX-License-Identifier: Apache-2.0

package org.postino.cleanup;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postino.content.LookupException;
import org.postino.ipc.ProtocolException;
import org.postino.queue.CleanupClient;
import org.postino.queue.CleanupResult;
import org.postino.queue.CleanupResult.Refused;
import org.postino.queue.Envelope;
import org.postino.queue.MessageEdit;
import org.postino.queue.NewFile;
import org.postino.queue.QueueFileWriter;
import org.postino.queue.QueueId;
import org.postino.queue.QueueName;
import org.postino.queue.ReceiveOverride;
import org.postino.queue.Recipient;
import org.postino.queue.Spool;
import org.postino.table.TableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One message on its way into the queue. Owned by one thread.
///
/// The first thing that goes wrong decides the result; what comes after it is ignored, so that the sender may finish in peace.
/// Until [#finish()] has committed it, closing removes every trace of the message.
///
/// [IntakeContent] takes what is in the message; recipients come before it and behind it, and those of a message that is checked wait until
/// its content has been seen, as a check may replace them.
final class Intake implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger("cleanup");

    private final CleanupContext shared;
    private final RecipientRules rules;
    private Envelope envelope;
    private NewFile file;
    private final QueueFileWriter writer;
    private final IntakeContent content;
    private final CheckOrders orders = new CheckOrders();
    private final CheckLog checkLog;
    private final NamedRecipients recipients;
    private final @Nullable MilterPass milters;
    private @Nullable Refused refused;
    private boolean committed;
    private boolean discarded;
    private @Nullable InputStream viewed;

    /// Starts the message in a new file; `buffer` is the message's until it is closed.
    ///
    /// @throws CleanupService.NoFileException the file cannot be made
    /// @throws TableException the sender cannot be looked up now
    Intake(CleanupContext shared, Envelope given, Set<ReceiveOverride> without, byte[] buffer)
            throws CleanupService.NoFileException, TableException {
        this.shared = shared;
        rules =
                without.contains(ReceiveOverride.NO_ADDRESS_MAPPINGS)
                        ? shared.rulesWithoutMappings()
                        : shared.rules();
        envelope = given.withSender(rules.sender(given.sender()));
        file = newFile(shared.spool());
        writer = new QueueFileWriter(file.channel(), buffer);
        checkLog = new CheckLog(file.id(), envelope);
        content =
                new IntakeContent(
                        shared,
                        new IntakeContent.Message(file.id(), envelope, rules, writer),
                        new CheckActions(checkLog, orders),
                        !without.contains(ReceiveOverride.NO_HEADER_BODY_CHECKS));
        milters = without.contains(ReceiveOverride.NO_MILTERS) ? null : shared.milters().of(this);
        recipients =
                new NamedRecipients(
                        rules,
                        writer,
                        content.mayRedirect() || milters != null,
                        Envelope.isProbe(envelope.attributes()));
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
            content.endIfBegun();
            checkLog.recipient(given.address());
            recipients.add(given);
        });
    }

    /// Adds an attribute to the envelope, or replaces one.
    void attribute(String name, String value) {
        if (name.equals(Envelope.LAST_RECIPIENT)) {
            checkLog.recipient(value);
            return;
        }
        attempt(() -> {
            content.endIfBegun();
            put(name, value);
        });
    }

    private void put(String name, String value) throws IOException, TableException {
        if (name.equals(Envelope.NEW_SENDER)) {
            content.end();
            envelope = envelope.withSender(rules.sender(value));
            writer.newSender(envelope.sender());
            return;
        }
        envelope = envelope.with(name, value);
        writer.attribute(name, value);
    }

    /// Takes the next piece of the message.
    ///
    /// @throws ProtocolException the content has ended, as something else came behind it
    void content(byte[] bytes, int offset, int length) throws ProtocolException {
        if (content.hasEnded()) {
            throw new ProtocolException("content after its end");
        }
        attempt(() -> refuse(content.take(bytes, offset, length)));
    }

    /// Changes the message.
    void edit(MessageEdit edit) {
        attempt(() -> refuse(content.edit(edit)));
    }

    /// The next piece of the message as it is now, [CleanupClient#VIEW_PIECE] bytes unless it is the last; null if there will be no
    /// message.
    ///
    /// @param fromStart begins with the first; otherwise nothing may have changed since the piece before
    byte @Nullable [] view(boolean fromStart) {
        byte[][] piece = {null};
        attempt(() -> {
            if (fromStart || viewed == null) {
                viewed = message();
            }
            piece[0] = viewed.readNBytes(CleanupClient.VIEW_PIECE);
        });
        return refused == null && !discarded ? piece[0] : null;
    }

    /// Opens the message as it is now.
    InputStream message() throws IOException {
        return content.message();
    }

    /// Ends the message: it is committed, or nothing is left of it.
    CleanupResult finish() {
        attempt(this::complete);
        Refused no = refused;
        if (no != null) {
            remove();
            if (!no.reason().isEmpty()) {
                LOG.warn("{}: not accepted: {}", file.id(), no.reason());
            }
            return no;
        }
        if (discarded) {
            remove();
            return new CleanupResult.Queued(file.id(), writer.contentLength());
        }
        if (!held()) {
            shared.announcer().announce(file.id());
        }
        return new CleanupResult.Queued(file.id(), writer.contentLength());
    }

    private void complete() throws IOException, TableException, RecipientRules.ExpansionException {
        content.end();
        if (milters != null && !milters.pass()) {
            return;
        }
        content.endEdits();
        if (content.hops() > shared.settings().hopLimit()) {
            refuse(Refusals.tooManyHops(shared.settings().hopLimit()));
            return;
        }
        carryOut();
        if (writer.recipients() == 0) {
            refuse(Refusals.noRecipients());
            return;
        }
        if (!envelope.sender().isEmpty() && orders.redirect() == null) {
            recipients.copy(rules.copiesFor(envelope.sender()));
        }
        content.note(envelope);
        writer.finish();
        if (held()) {
            hold();
        }
        LOG.info("{}: {}", file.id(), content.messageIdLine());
        shared.commit().commit(file);
        committed = true;
    }

    /// Writes the recipients that waited, or the one that takes their place, and what else checks want.
    private void carryOut() throws IOException, TableException, RecipientRules.ExpansionException {
        recipients.write(orders.redirect(), orders.copies());
        if (orders.isHeld()) {
            put(Envelope.HOLD, Envelope.YES);
        }
        if (orders.filter() != null) {
            put(Envelope.FILTER, orders.filter());
        }
    }

    /// True if an access table of smtpd wants somebody to look at the message before it is delivered.
    private boolean held() {
        return envelope.attribute(Envelope.HOLD).equals(Envelope.YES);
    }

    /// Gives the finished file its name in the hold queue; in `incoming`, qmgr would take it.
    private void hold() throws IOException {
        if (!shared.spool().move(file.id(), QueueName.INCOMING, QueueName.HOLD)) {
            throw new IOException(file.id() + " has gone from the queue");
        }
        Path held = shared.spool().path(QueueName.HOLD, file.id());
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

    private interface Step {
        void run() throws IOException, TableException, RecipientRules.ExpansionException;
    }

    private void attempt(Step step) {
        if (refused != null || discarded) {
            return;
        }
        try {
            step.run();
        } catch (CheckActions.EndedException e) {
            refused = e.refused();
            discarded = refused == null;
        } catch (LookupException | TableException e) {
            refuse(Refusals.lookup(String.valueOf(e.getMessage())));
        } catch (IOException e) {
            refuse(Refusals.write(e));
        } catch (RecipientRules.ExpansionException e) {
            refuse(Refusals.aliasExpansion(e.address()));
        }
    }

    Envelope envelope() {
        return envelope;
    }

    NamedRecipients recipients() {
        return recipients;
    }

    CheckLog log() {
        return checkLog;
    }

    /// Throws the message away; the sender hears that it was taken.
    void discard() {
        discarded = refused == null;
    }

    /// Refuses the message, unless that was done before, or there is no reason.
    void refuse(@Nullable Refused reason) {
        if (refused == null && !discarded) {
            refused = reason;
        }
    }
}
