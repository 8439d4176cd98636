// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.postino.smtp.Reply;

/// Takes a message's content on its way to cleanup and to the inspectors that listen. Never fails: what goes wrong is noted, and
/// the rest is thrown away, since the client goes on sending in any case.
final class ContentSink extends OutputStream {
    private final OutputStream start;
    private final long limit;
    private final @Nullable Listening listening;
    private long size;
    private boolean tooBig;
    private @Nullable IOException failure;

    /// @param cleanup the content behind our Received: field
    /// @param limit `message_size_limit`; 0 = none
    /// @param listeners see what cleanup gets
    /// @param headerEnd asked when the header has passed, if anybody listens; its reply refuses the message, and the rest is
    ///     thrown away
    ContentSink(
            OutputStream cleanup,
            long limit,
            List<ContentListener> listeners,
            Supplier<@Nullable Reply> headerEnd) {
        this.limit = limit;
        listening = listeners.isEmpty() ? null : new Listening(cleanup, listeners, headerEnd);
        start = new ContentStart(listening == null ? cleanup : listening);
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
        size += length;
        if (tooBig || failure != null || refusal() != null) {
            return;
        }
        if (limit > 0 && size > limit) {
            tooBig = true;
            return;
        }
        try {
            start.write(bytes, from, length);
        } catch (IOException e) {
            failure = e;
        }
    }

    /// The content is complete.
    void end() {
        if (listening != null && !tooBig && failure == null) {
            listening.headerEnds();
        }
    }

    long size() {
        return size;
    }

    /// True if so many bytes more are too many.
    boolean overflows(long bytes) {
        return limit > 0 && bytes > limit - size;
    }

    boolean tooBig() {
        return tooBig;
    }

    @Nullable IOException failure() {
        return failure;
    }

    /// The reply of whoever refused the message for its header; null if nobody did.
    @Nullable Reply refusal() {
        return listening == null ? null : listening.refusal;
    }

    /// Passes content on to cleanup and all listeners, and finds the end of the header: the first empty line, or that of the content.
    private static final class Listening extends OutputStream {
        private final OutputStream cleanup;
        private final List<ContentListener> listeners;
        private final Supplier<@Nullable Reply> headerEnd;
        private boolean inHeader = true;

        /// Set once the line under way has a byte other than CR.
        private boolean inLine;

        private @Nullable Reply refusal;

        Listening(
                OutputStream cleanup,
                List<ContentListener> listeners,
                Supplier<@Nullable Reply> headerEnd) {
            this.cleanup = cleanup;
            this.listeners = listeners;
            this.headerEnd = headerEnd;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            int end = from + length;
            int begin = from;
            int next = from;
            while (inHeader && next < end) {
                byte b = bytes[next++];
                if (b == '\n' && !inLine) {
                    pass(bytes, begin, next);
                    begin = next;
                    headerEnds();
                }
                inLine = b != '\n' && (inLine || b != '\r');
            }
            if (refusal == null) {
                pass(bytes, begin, end);
            }
        }

        private void pass(byte[] bytes, int begin, int end) throws IOException {
            cleanup.write(bytes, begin, end - begin);
            for (ContentListener listener : listeners) {
                listener.content(bytes, begin, end - begin);
            }
        }

        void headerEnds() {
            if (inHeader) {
                inHeader = false;
                refusal = headerEnd.get();
            }
        }
    }
}
