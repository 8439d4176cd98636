// SPDX-License-Identifier: Apache-2.0

package org.postino.queue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.postino.ipc.IpcConnection;
import org.postino.ipc.Message;
import org.postino.ipc.ProtocolException;

/// Asks verify(8) about addresses, and tells it what came of its probes. A connection for each question. Safe for use by several threads.
///
/// Messages: `query` (address, wait in milliseconds), answered by `status` (status, text); `update` (address, status, text), answered by
/// `ok`.
///
/// @param socket `$queue_directory/private/verify`
/// @param timeout for an answer, beside the time that verify is asked to wait
public record VerifyClient(Path socket, Duration timeout) {
    public static final String QUERY = "query";
    public static final String UPDATE = "update";
    public static final String STATUS = "status";
    public static final String OK = "ok";

    /// The results of a probe.
    public enum Status {
        DELIVERABLE,
        /// Nobody can say now.
        DEFERRED,
        UNDELIVERABLE,
        /// A probe is under way.
        UNKNOWN;

        /// The word on the wire and in verify's file.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /// The status with that word.
        ///
        /// @throws ProtocolException there is none
        public static Status of(String word) throws ProtocolException {
            for (var status : values()) {
                if (status.word().equals(word)) {
                    return status;
                }
            }
            throw new ProtocolException("no status " + word);
        }
    }

    /// The answer about an address.
    ///
    /// @param text why, in the words of who was asked
    public record Answer(Status status, String text) {}

    /// Asks about an address in internal form; verify may send a probe.
    ///
    /// @param wait the longest time to wait for the probe's result, if there is none yet
    /// @throws IOException verify cannot be asked
    public Answer query(String address, Duration wait) throws IOException {
        Message reply =
                ask(
                        Message.of(QUERY)
                                .with("address", address)
                                .with("wait", wait.toMillis())
                                .build(),
                        timeout.plus(wait));
        if (!reply.request().equals(STATUS)) {
            throw new ProtocolException("verify says " + reply.request());
        }
        return new Answer(Status.of(reply.text("status")), reply.text("text"));
    }

    /// Tells what came of a probe.
    ///
    /// @throws IOException verify has not heard it
    public void update(String address, Answer answer) throws IOException {
        ask(
                Message.of(UPDATE)
                        .with("address", address)
                        .with("status", answer.status().word())
                        .with("text", answer.text())
                        .build(),
                timeout);
    }

    private Message ask(Message question, Duration patience) throws IOException {
        try (var c = IpcConnection.connect(socket, patience)) {
            return c.request(question);
        }
    }
}
