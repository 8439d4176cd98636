// SPDX-License-Identifier: Apache-2.0

package org.postino.local;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.postino.message.Address;
import org.postino.message.DeliveredTo;
import org.postino.queue.DeliveryJob;
import org.postino.queue.DeliveryRequest;
import org.postino.smtp.Delivery;
import org.postino.smtp.Dsn;
import org.postino.util.Printable;

/// The message of a delivery: envelope, and content as often as it is wanted.
final class LocalMessage {
    private final DeliveryRequest request;
    private final Supplier<InputStream> content;
    private @Nullable DeliveredTo deliveredTo;

    private LocalMessage(DeliveryRequest request, Supplier<InputStream> content) {
        this.request = request;
        this.content = content;
    }

    static LocalMessage of(DeliveryJob job) {
        return new LocalMessage(job.request(), () -> job.message().content());
    }

    DeliveryRequest request() {
        return request;
    }

    /// True if it is delivered to nobody: what would be done is the result.
    boolean isProbe() {
        return request.isProbe();
    }

    /// The result for what a probe stops short of.
    ///
    /// @param what `delivers to mailbox`
    static Delivery would(String what) {
        return new Delivery.Sent(Dsn.of("2.0.0", Printable.text(what)));
    }

    String sender() {
        return request.sender();
    }

    /// Header and body with CRLF, from the start.
    InputStream content() {
        return content.get();
    }

    /// True if a Delivered-To: field names the address: the message comes round again.
    boolean wasDeliveredTo(String address) throws IOException {
        DeliveredTo known = deliveredTo;
        if (known == null) {
            try (InputStream in = content.get()) {
                known = DeliveredTo.read(in);
            }
            deliveredTo = known;
        }
        return known.names(address);
    }

    /// The fields put in front of a message that goes into a mailbox, a file or a command.
    ///
    /// @param delivered null for no Delivered-To:
    static byte[] trail(String sender, String original, @Nullable String delivered) {
        String text =
                "Return-Path: <"
                        + clean(Address.parse(sender), sender)
                        + ">\nX-Original-To: "
                        + Printable.text(original)
                        + "\n"
                        + (delivered == null
                                ? ""
                                : "Delivered-To: " + Printable.text(delivered) + "\n");
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String clean(Address address, String text) {
        return text.isEmpty() ? "" : Printable.text(address.quoted());
    }
}
