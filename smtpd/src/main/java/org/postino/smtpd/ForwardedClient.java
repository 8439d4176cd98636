// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.postino.queue.Envelope;
import org.postino.smtp.XforwardAttribute;

/// The client that brought a message to a content filter, as the filter tells with XFORWARD. It goes into the log and the queue file, and has no
/// part in what is permitted. Owned by the session's thread.
final class ForwardedClient {
    private static final Map<XforwardAttribute, String> ENVELOPE =
            Map.of(
                    XforwardAttribute.NAME, Envelope.LOG_CLIENT_NAME,
                    XforwardAttribute.ADDR, Envelope.LOG_CLIENT_ADDRESS,
                    XforwardAttribute.PORT, Envelope.LOG_CLIENT_PORT,
                    XforwardAttribute.HELO, Envelope.LOG_HELO_NAME,
                    XforwardAttribute.PROTO, Envelope.LOG_PROTOCOL_NAME,
                    XforwardAttribute.IDENT, Envelope.LOG_IDENT);

    private final EnumMap<XforwardAttribute, String> values =
            new EnumMap<>(XforwardAttribute.class);

    /// @param before the attributes that were told earlier; null if there are none
    ForwardedClient(@Nullable ForwardedClient before) {
        if (before != null) {
            values.putAll(before.values);
        }
    }

    /// Notes an attribute.
    ///
    /// @param value decoded and checked; empty if the filter does not know it
    void set(XforwardAttribute attribute, String value) {
        values.put(attribute, value);
    }

    /// Adds what is known to the attributes of a message's envelope.
    void addTo(Map<String, String> attributes) {
        values.forEach((attribute, value) -> {
            String name = ENVELOPE.get(attribute);
            if (name != null && !value.isEmpty()) {
                attributes.put(name, value);
            }
        });
    }

    /// True if the message comes from one of our own clients, false if not; null if the filter does not say.
    @Nullable Boolean isLocal() {
        String source = values.getOrDefault(XforwardAttribute.SOURCE, "");
        return source.isEmpty() ? null : source.equals("LOCAL");
    }

    /// The end of the line that names a message's client: `, orig_queue_id=ID, orig_client=NAME[ADDRESS]`.
    @Override
    public String toString() {
        var out = new StringBuilder();
        String ident = values.getOrDefault(XforwardAttribute.IDENT, "");
        if (!ident.isEmpty()) {
            out.append(", orig_queue_id=").append(ident);
        }
        String name = values.get(XforwardAttribute.NAME);
        String address = values.get(XforwardAttribute.ADDR);
        if (name != null || address != null) {
            out.append(", orig_client=").append(name == null || name.isEmpty() ? "unknown" : name);
            out.append(address == null || address.isEmpty() ? "" : "[" + address + "]");
        }
        return out.toString();
    }
}
