// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpclient;

import java.util.Map;
import org.postino.queue.DeliveryRequest;
import org.postino.queue.Envelope;

/// The TLS that the sender of a message wants (RFC 8689), beside what the administrator wants for its destination.
enum TlsWish {
    NONE,
    /// Servers must prove who they are, and promise the same (REQUIRETLS).
    REQUIRED,
    /// Delivery is worth more than TLS (`TLS-Required: no`).
    OPTIONAL;

    /// The wish of a message, as far as main.cf honours it. What goes over a Unix socket needs no TLS.
    static TlsWish of(DeliveryRequest request, Settings settings) {
        Map<String, String> attributes = request.attributes();
        if (says(attributes, Envelope.REQUIRETLS)) {
            boolean socket = request.nexthop().startsWith("unix:");
            return settings.tls().requireTls() && !socket ? REQUIRED : NONE;
        }
        return settings.tls().optional() && says(attributes, Envelope.TLS_OPTIONAL)
                ? OPTIONAL
                : NONE;
    }

    private static boolean says(Map<String, String> attributes, String name) {
        return attributes.getOrDefault(name, "").equals(Envelope.YES);
    }
}
