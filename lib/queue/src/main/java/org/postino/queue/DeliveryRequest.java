// SPDX-License-Identifier: Apache-2.0

package org.postino.queue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.postino.ipc.Message;
import org.postino.ipc.ProtocolException;

/// One delivery: these recipients of this message by way of this nexthop.
///
/// @param id the message
/// @param queue the queue in which its file stands (active)
/// @param trace the trace id of the session that brought it
/// @param sender the envelope sender, empty for the null sender
/// @param nexthop the answer of the resolver: a host, a domain, the text for the error agent
/// @param recipients open recipients, with their addresses as resolved
/// @param size of the content in bytes
/// @param arrival the time at which the message came in
/// @param activeSince the time at which it entered the active queue for this attempt
/// @param attributes of the envelope: `client_name`, `encoding`, `envid`, ...
public record DeliveryRequest(
        QueueId id,
        QueueName queue,
        String trace,
        String sender,
        String nexthop,
        List<Recipient> recipients,
        long size,
        Instant arrival,
        Instant activeSince,
        Map<String, String> attributes) {
    static final String REQUEST = "deliver";
    private static final String ATTRIBUTE = "a:";

    public DeliveryRequest {
        recipients = List.copyOf(recipients);
    }

    /// True if nothing shall be delivered: the agent reports what it would do.
    public boolean isProbe() {
        return Envelope.isProbe(attributes);
    }

    /// The request as it goes over an agent's socket.
    public Message toMessage() {
        var b =
                Message.of(REQUEST)
                        .with("queue_id", id.text())
                        .with("queue", queue.directory())
                        .with("trace", trace)
                        .with("sender", sender)
                        .with("nexthop", nexthop)
                        .with("size", size)
                        .with("arrival", micros(arrival))
                        .with("active_since", micros(activeSince));
        for (Map.Entry<String, String> a : attributes.entrySet()) {
            b.with("attribute", a.getKey());
            b.with(ATTRIBUTE + a.getKey(), a.getValue());
        }
        for (Recipient r : recipients) {
            b.with("offset", r.offset());
            b.with("recipient", r.address());
            b.with("original", r.original());
            b.with("notify", r.dsnNotify());
            b.with("orcpt", r.orcpt());
        }
        return b.build();
    }

    /// Reads a request.
    ///
    /// @throws ProtocolException something is missing or malformed
    public static DeliveryRequest fromMessage(Message m) throws ProtocolException {
        var attributes = new LinkedHashMap<String, String>();
        for (String name : m.all("attribute")) {
            attributes.put(name, m.text(ATTRIBUTE + name));
        }
        QueueId id =
                QueueId.parse(m.text("queue_id"))
                        .orElseThrow(() -> new ProtocolException("malformed queue id"));
        return new DeliveryRequest(
                id,
                queueOf(m.text("queue")),
                m.text("trace"),
                m.text("sender"),
                m.text("nexthop"),
                recipientsOf(m),
                m.number("size"),
                instant(m.number("arrival")),
                instant(m.number("active_since")),
                attributes);
    }

    private static QueueName queueOf(String name) throws ProtocolException {
        return QueueName.parse(name).orElseThrow(() -> new ProtocolException("no queue " + name));
    }

    private static List<Recipient> recipientsOf(Message m) throws ProtocolException {
        List<String> offsets = m.all("offset");
        List<String> addresses = m.all("recipient");
        List<String> originals = m.all("original");
        List<String> notify = m.all("notify");
        List<String> orcpt = m.all("orcpt");
        int n = offsets.size();
        if (addresses.size() != n
                || originals.size() != n
                || notify.size() != n
                || orcpt.size() != n) {
            throw new ProtocolException("recipients of a delivery request do not add up");
        }
        var list = new ArrayList<Recipient>(n);
        for (int i = 0; i < n; i++) {
            list.add(
                    new Recipient(
                            number(offsets.get(i)),
                            RecipientStatus.OPEN,
                            addresses.get(i),
                            originals.get(i),
                            notify.get(i),
                            orcpt.get(i)));
        }
        return list;
    }

    private static long number(String text) throws ProtocolException {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new ProtocolException("malformed offset");
        }
    }

    private static long micros(Instant t) {
        return t.getEpochSecond() * 1_000_000 + t.getNano() / 1000;
    }

    private static Instant instant(long micros) {
        return Instant.ofEpochSecond(
                Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1000);
    }
}
