// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.postino.queue.CleanupResult;
import org.postino.queue.Envelope;
import org.postino.queue.MessageEdit;
import org.postino.queue.QueueId;
import org.postino.queue.Submission;
import org.postino.smtp.Reply;

/// A cleanup that keeps messages in memory, and fails when told to.
final class FakeQueue implements Services.Queue {
    /// What a message became.
    record Message(QueueId id, Envelope envelope, List<String> recipients, String content) {
        /// The content behind our own Received: field.
        String text() {
            int start = content.indexOf("\r\n", content.indexOf("; ", content.indexOf(" id ")));
            return content.substring(start + 2);
        }
    }

    /// Where it fails.
    enum Fault {
        NONE,
        OPEN,
        HEAD,
        CONTENT,
        RECIPIENT,
        FINISH
    }

    final List<Message> messages = new CopyOnWriteArrayList<>();

    /// The edits to all messages.
    final List<MessageEdit> edits = new CopyOnWriteArrayList<>();

    final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger counter = new AtomicInteger();
    volatile Fault fault = Fault.NONE;
    volatile @Nullable Reply refusal;

    @Override
    public Submission open(Envelope envelope) throws IOException {
        failAt(Fault.OPEN);
        open.incrementAndGet();
        String id = String.format(Locale.ROOT, "%06X", 0xabc000 + counter.incrementAndGet());
        return new Open(new QueueId(id), envelope);
    }

    private void failAt(Fault here) throws IOException {
        if (fault == here) {
            throw new IOException("broken at " + here);
        }
    }

    private final class Open implements Submission {
        private final QueueId id;
        private Envelope envelope;
        private final List<String> recipients = new ArrayList<>();
        private final ByteArrayOutputStream content = new ByteArrayOutputStream();
        private boolean closed;

        Open(QueueId id, Envelope envelope) {
            this.id = id;
            this.envelope = envelope;
        }

        @Override
        public QueueId queueId() {
            return id;
        }

        @Override
        public void recipient(String address, String original, String notify, String orcpt)
                throws IOException {
            failAt(Fault.RECIPIENT);
            recipients.add(
                    address
                            + (notify.isEmpty() ? "" : " notify=" + notify)
                            + (orcpt.isEmpty() ? "" : " orcpt=" + orcpt));
        }

        @Override
        public void attribute(String name, String value) {
            envelope = envelope.with(name, value);
        }

        @Override
        public OutputStream content() {
            return new OutputStream() {
                @Override
                public void write(int b) throws IOException {
                    write(new byte[] {(byte) b}, 0, 1);
                }

                @Override
                public void write(byte[] bytes, int from, int length) throws IOException {
                    if (content.size() == 0) {
                        failAt(Fault.HEAD);
                    }
                    if (content.size() + length > 500) {
                        failAt(Fault.CONTENT);
                    }
                    content.write(bytes, from, length);
                }
            };
        }

        @Override
        public InputStream message() {
            return new ByteArrayInputStream(content.toByteArray());
        }

        @Override
        public void edit(MessageEdit edit) {
            edits.add(edit);
        }

        @Override
        public CleanupResult finish() throws IOException {
            failAt(Fault.FINISH);
            close();
            Reply no = refusal;
            if (no != null) {
                return new CleanupResult.Refused(no, "told to");
            }
            String text = content.toString(StandardCharsets.UTF_8);
            messages.add(new Message(id, envelope, List.copyOf(recipients), text));
            return new CleanupResult.Queued(id, content.size());
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                open.decrementAndGet();
            }
        }
    }
}
