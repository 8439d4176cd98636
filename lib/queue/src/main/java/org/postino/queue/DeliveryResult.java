// SPDX-License-Identifier: Apache-2.0

package org.postino.queue;

import org.postino.ipc.Message;
import org.postino.ipc.ProtocolException;
import org.postino.smtp.Delivery;
import org.postino.smtp.Dsn;
import org.postino.smtp.EnhancedStatus;

/// The result for one recipient, which an agent sends to the queue manager.
///
/// @param offset names the recipient: the place of its status byte in the queue file
/// @param relay the text after `relay=` in the log
public record DeliveryResult(long offset, Delivery outcome, String relay) {
    static final String REQUEST = "result";

    Message toMessage() {
        Dsn dsn = outcome.dsn();
        var b =
                Message.of(REQUEST)
                        .with("offset", offset)
                        .with("outcome", outcome.word())
                        .with("dsn", dsn.status().toString())
                        .with("reason", dsn.reason())
                        .with("relay", relay);
        if (outcome instanceof Delivery.Sent(_, var goal)) {
            b.with("goal", goal.name());
        }
        return b.withOptional("remote", dsn.remote())
                .withOptional("diagnostic", dsn.diagnostic())
                .build();
    }

    static DeliveryResult fromMessage(Message m) throws ProtocolException {
        Dsn dsn = dsnOf(m);
        Delivery outcome =
                switch (m.text("outcome")) {
                    case "sent" -> new Delivery.Sent(dsn, goal(m));
                    case "deferred" -> new Delivery.Deferred(dsn);
                    case "bounced" -> new Delivery.Bounced(dsn);
                    default -> throw new ProtocolException("outcome " + m.text("outcome"));
                };
        return new DeliveryResult(m.number("offset"), outcome, m.text("relay"));
    }

    private static Delivery.Goal goal(Message m) throws ProtocolException {
        String word = m.optional("goal");
        if (word == null) {
            return Delivery.Goal.DELIVERED; // an agent of before
        }
        for (Delivery.Goal goal : Delivery.Goal.values()) {
            if (goal.name().equals(word)) {
                return goal;
            }
        }
        throw new ProtocolException("goal " + word);
    }

    static Dsn dsnOf(Message m) throws ProtocolException {
        EnhancedStatus status =
                EnhancedStatus.parse(m.text("dsn"))
                        .orElseThrow(() -> new ProtocolException("malformed status"));
        return new Dsn(status, m.text("reason"), m.optional("remote"), m.optional("diagnostic"));
    }
}
