// SPDX-License-Identifier: Apache-2.0

package org.postino.verify;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.Map;
import org.postino.log.Trace;
import org.postino.message.Address;
import org.postino.message.MailDate;
import org.postino.queue.CleanupResult;
import org.postino.queue.Envelope;
import org.postino.queue.Submission;
import org.postino.util.Printable;

/// Sends probes: messages that go the way of mail up to the agent that would deliver them, and to nobody. Safe for use by several threads.
///
/// @param cleanup takes them
record Probes(VerifySettings settings, Cleanup cleanup, Clock clock) implements Addresses.Prober {
    /// The way into the queue.
    @FunctionalInterface
    interface Cleanup {
        Submission open(Envelope e) throws IOException;
    }

    @Override
    public void probe(String address) throws IOException {
        Map<String, String> attributes = new HashMap<>();
        attributes.put(Envelope.SOURCE, "verify");
        attributes.put(Envelope.PROBE, address);
        String sender = settings.sender().at(clock.instant());
        var envelope = new Envelope(sender, clock.instant(), Trace.current(), attributes);
        try (var submission = cleanup.open(envelope)) {
            submission.recipient(address, address, "", "");
            submission
                    .content()
                    .write(
                            content(sender, address, submission.queueId().text())
                                    .getBytes(StandardCharsets.UTF_8));
            if (submission.finish() instanceof CleanupResult.Refused(var reply, var reason)) {
                throw new IOException(
                        "cleanup refuses it: " + (reason.isEmpty() ? reply.toString() : reason));
            }
        }
    }

    private String content(String sender, String address, String id) {
        var now = ZonedDateTime.now(clock);
        return "Date: "
                + MailDate.print(now.toInstant(), now.getZone())
                + "\r\nFrom: "
                + path(sender.isEmpty() ? "MAILER-DAEMON@" + settings.hostname() : sender)
                + "\r\nTo: "
                + path(address)
                + "\r\nSubject: probe\r\nMessage-ID: <"
                + now.toEpochSecond()
                + "."
                + id
                + "@"
                + settings.hostname()
                + ">\r\n\r\n";
    }

    private static String path(String address) {
        return Printable.text(Address.parse(address).path());
    }
}
