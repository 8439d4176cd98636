// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.postino.milter.Milters;
import org.postino.smtp.Command;
import org.postino.smtp.DotReader;
import org.postino.smtp.Replies;
import org.postino.smtp.Reply;
import org.postino.smtp.SmtpStage;

/// The commands DATA and BDAT: they take the content of a message, hand it to cleanup, and say what became of it.
final class ContentCommands {
    private final Services services;
    private final Settings settings;
    private final ClientChannel channel;
    private final SessionState state;
    private final SessionLog log;
    private final Inspectors inspectors;

    ContentCommands(
            Services services,
            ClientChannel channel,
            SessionState state,
            SessionLog log,
            Inspectors inspectors) {
        this.inspectors = inspectors;
        this.services = services;
        this.settings = services.settings();
        this.channel = channel;
        this.state = state;
        this.log = log;
    }

    /// @param transaction has at least one recipient
    Reply data(Transaction transaction) throws IOException {
        Reply problem = begin(transaction, "DATA");
        if (problem != null) {
            return problem;
        }
        ContentSink sink = sink(transaction);
        var dots = new DotReader();
        channel.reply(Replies.START_DATA);
        try {
            channel.content(dots, sink);
        } catch (IOException e) {
            state.where = "DATA (" + sink.size() + " bytes)";
            throw e;
        }
        Reply reply = finish(transaction, sink, dots.bareLf(), false);
        state.endTransaction();
        return reply;
    }

    /// Takes a chunk; its bytes are read in any case, since they follow without being asked for (RFC 3030, 2).
    ///
    /// @param refusal why the command may not come now; null if it may
    /// @param transaction null, or without recipients, if the chunk comes too early
    Reply bdat(Command.Bdat chunk, @Nullable Reply refusal, @Nullable Transaction transaction)
            throws IOException {
        if (refusal != null) {
            return skipped(chunk, refusal);
        }
        if (chunk.size() == 0 && !chunk.last()) {
            log.nullChunk();
            return skipped(chunk, Replies.NULL_CHUNK);
        }
        if (state.chunks == SessionState.Chunks.FAILED) {
            return skipped(chunk, Replies.discarded(chunk.size()));
        }
        if (transaction == null || transaction.recipientCount() == 0) {
            return skipped(
                    chunk, transaction == null ? Replies.NEED_RCPT : Replies.NO_VALID_RECIPIENTS);
        }
        if (state.chunks == SessionState.Chunks.NONE) {
            Reply problem = begin(transaction, "BDAT");
            if (problem != null) {
                return skipped(chunk, problem);
            }
            transaction.chunks = DotReader.withoutDots();
            transaction.sink = sink(transaction);
            state.chunks = SessionState.Chunks.RUNNING;
        }
        ContentSink sink = Objects.requireNonNull(transaction.sink);
        if (sink.overflows(chunk.size())) {
            log.chunkTooBig(transaction.queueIdText());
            return skipped(chunk, Replies.CHUNK_TOO_BIG);
        }
        return chunk(chunk, transaction, sink);
    }

    private Reply chunk(Command.Bdat chunk, Transaction transaction, ContentSink sink)
            throws IOException {
        DotReader lines = Objects.requireNonNull(transaction.chunks);
        try {
            channel.exactly(chunk.size(), new Lines(lines, sink));
        } catch (IOException e) {
            state.where = "BDAT (" + sink.size() + " bytes)";
            throw e;
        }
        if (!chunk.last()) {
            return Replies.chunk(chunk.size());
        }
        lines.end(sink);
        Reply reply = finish(transaction, sink, lines.bareLf(), true);
        state.endTransaction();
        return reply;
    }

    /// Reads a chunk that is refused. With the last one its message is over; until then, or RSET, the chunks behind it are refused
    /// as well, so that none is taken for the beginning of another message.
    private Reply skipped(Command.Bdat chunk, Reply reply) throws IOException {
        channel.exactly(chunk.size(), OutputStream.nullOutputStream());
        if (chunk.last()) {
            state.endTransaction();
        } else {
            state.abandonChunks();
        }
        return reply;
    }

    /// Passes bytes of chunks on as clean lines.
    private static final class Lines extends OutputStream {
        private final DotReader lines;
        private final ContentSink sink;

        Lines(DotReader lines, ContentSink sink) {
            this.lines = lines;
            this.sink = sink;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            lines.feed(bytes, from, from + length, sink);
        }
    }

    /// Asks the inspectors, then gives cleanup the first header fields; the reply if it must end here.
    private @Nullable Reply begin(Transaction transaction, String command) {
        Reply refusal = inspectors.message(SmtpStage.DATA, command, transaction);
        if (refusal != null) {
            return refusal;
        }
        try {
            Reply problem = handover(transaction).begin(transaction);
            if (problem == null) {
                head(transaction);
            }
            return problem;
        } catch (IOException e) {
            log.warning(transaction.queueIdText() + ": cannot reach cleanup: " + e.getMessage());
            state.endTransaction();
            return Replies.QUEUE_WRITE_ERROR;
        }
    }

    private void head(Transaction transaction) throws IOException {
        var text = new StringBuilder();
        for (String field : transaction.disposition().prependsForHead()) {
            text.append(field).append("\r\n");
        }
        Handover handover = handover(transaction);
        if (handover.isMarked()) {
            text.append(
                    services.received()
                            .print(
                                    state,
                                    transaction.queueIdText(),
                                    transaction.parameters().smtputf8(),
                                    transaction.onlyRecipient(),
                                    services.clock().instant()));
        }
        text.append(handover.fields());
        handover.content().write(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private ContentSink sink(Transaction transaction) {
        return new ContentSink(
                handover(transaction).content(),
                settings.messageLimit(),
                inspectors.listeners(),
                () -> ask(SmtpStage.END_OF_HEADER, transaction));
    }

    private @Nullable Reply ask(SmtpStage stage, Transaction transaction) {
        return inspectors.message(stage, stage.word(), transaction);
    }

    private static Handover handover(Transaction transaction) {
        Handover handover = transaction.handover();
        if (handover == null) {
            throw new IllegalStateException("recipients of no message");
        }
        return handover;
    }

    private Reply finish(
            Transaction transaction, ContentSink sink, boolean bareLf, boolean chunked) {
        state.where = SmtpStage.END_OF_MESSAGE.word();
        sink.end();
        transaction.size = sink.size();
        String id = transaction.queueIdText();
        if (bareLf) {
            Reply refusal = bareLf(transaction);
            if (refusal != null) {
                return refusal;
            }
        }
        if (sink.tooBig()) {
            log.warning(id + ": queue file size limit exceeded");
            return Replies.MESSAGE_TOO_BIG;
        }
        IOException failure = sink.failure();
        if (failure != null) {
            log.warning(id + ": cannot write to cleanup: " + failure.getMessage());
            return Replies.QUEUE_WRITE_ERROR;
        }
        Reply refusal = sink.refusal();
        if (refusal == null) {
            handover(transaction).contentEnded(transaction.disposition());
            refusal = ask(SmtpStage.END_OF_MESSAGE, transaction);
        }
        if (refusal != null) {
            return refusal;
        }
        Disposition disposition = transaction.disposition();
        if (!disposition.discard && disposition.isForNobody(transaction.recipients())) {
            var facts = state.facts(transaction.recipients().getFirst().mailbox());
            log.event("milter-discard", state.where, Milters.NOBODY_LEFT, facts);
            disposition.discard = true;
        }
        Reply reply = handover(transaction).finish(transaction, chunked);
        if (services.filter() != null) {
            log.filtered(reply, state.facts(transaction.recipients().getFirst().mailbox()));
        }
        return reply;
    }

    /// Notes or refuses content with bare LF, as configured; the reply if it is refused.
    private @Nullable Reply bareLf(Transaction transaction) {
        boolean reject = settings.bareNewline() == Settings.BareNewline.REJECT;
        if (state.bareNewlineExempt || settings.bareNewline() == Settings.BareNewline.NORMALIZE) {
            return null;
        }
        log.event(
                reject ? "reject" : "info",
                SmtpStage.END_OF_MESSAGE.word(),
                "bare <LF> received",
                state.facts(transaction.onlyRecipient()));
        return reject ? Replies.bareLf(settings.bareNewlineCode()) : null;
    }
}
