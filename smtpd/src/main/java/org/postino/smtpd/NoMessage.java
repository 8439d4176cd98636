// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;
import org.postino.queue.CleanupResult;
import org.postino.queue.Envelope;
import org.postino.queue.MessageEdit;
import org.postino.queue.QueueId;
import org.postino.queue.Submission;

/// The message of a [Rehearsal]: it has a queue id that no message has, and goes nowhere.
final class NoMessage implements Submission {
    private static final QueueId ID = QueueId.parse("00000000").orElseThrow();

    private NoMessage() {}

    static Submission of(Envelope unused) {
        return new NoMessage();
    }

    @Override
    public QueueId queueId() {
        return ID;
    }

    @Override
    public void recipient(String address, String original, String notify, String orcpt) {}

    @Override
    public void attribute(String name, String value) {}

    @Override
    public OutputStream content() {
        return OutputStream.nullOutputStream();
    }

    @Override
    public @Nullable InputStream message() {
        return null;
    }

    @Override
    public void edit(MessageEdit edit) {}

    @Override
    public CleanupResult finish() {
        return new CleanupResult.Queued(ID, 0);
    }

    @Override
    public void close() {}
}
