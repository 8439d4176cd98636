// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpclient;

import java.util.Map;
import org.postino.queue.DeliveryRequest;
import org.postino.queue.Envelope;
import org.postino.tls.RequireTlsAction;

/// The TLS that the sender of a message wants (RFC 8689), beside what the administrator wants for its destination.
enum TlsWish {
    NONE,
    /// Servers must prove who they are, and promise the same (REQUIRETLS).
    REQUIRED,
    /// As REQUIRED, where main.cf is content with TLS: the server hears of REQUIRETLS if it offers it.
    ENCRYPTED,
    /// As REQUIRED, where main.cf wants nothing in particular: the server hears of REQUIRETLS if it offers it on TLS.
    OFFERED,
    /// Delivery is worth more than TLS (`TLS-Required: no`).
    OPTIONAL;

    /// The extension of RFC 8689, and its parameter of MAIL.
    static final String KEYWORD = "REQUIRETLS";

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

    /// The wish of a message with this one at a destination for which main.cf has an action.
    TlsWish under(RequireTlsAction action) {
        if (this != REQUIRED) {
            return this;
        }
        return switch (action) {
            case ENFORCE -> REQUIRED;
            case STARTTLS -> ENCRYPTED;
            case OPPORTUNISTIC -> OFFERED;
            case DISABLE -> NONE;
        };
    }

    /// True if a server is told REQUIRETLS.
    ///
    /// @param offered it has announced that, on TLS
    boolean isTold(boolean offered) {
        return switch (this) {
            case REQUIRED -> true;
            case ENCRYPTED, OFFERED -> offered;
            case NONE, OPTIONAL -> false;
        };
    }

    private static boolean says(Map<String, String> attributes, String name) {
        return attributes.getOrDefault(name, "").equals(Envelope.YES);
    }
}
