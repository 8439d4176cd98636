// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpclient;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.postino.global.delivery.DeliveryJob;
import org.postino.global.queue.Envelope;
import org.postino.global.queue.Recipient;
import org.postino.net.smtp.Mailbox;
import org.postino.net.smtp.Xtext;

/// The MAIL and RCPT commands of a message, with the parameters that the server understands.
final class EnvelopeCommands {
    private final Target target;
    private final Features features;
    private final DeliveryJob job;

    EnvelopeCommands(Session session, DeliveryJob job) {
        this.target = session.target();
        this.features = session.features();
        this.job = job;
    }

    /// Why this server can't be given this message; null if it can.
    @Nullable Trouble unfit() {
        long limit = features.sizeLimit();
        if (limit > 0 && job.request().size() > limit) {
            return Trouble.of(
                    "5.3.4",
                    "message size "
                            + job.request().size()
                            + " exceeds size limit "
                            + limit
                            + " of server "
                            + target.name());
        }
        if (needsUtf8() && !features.has("SMTPUTF8")) {
            return Trouble.of(
                    "5.6.7", "SMTPUTF8 is required, but was not offered by host " + target.name());
        }
        return null;
    }

    String mail() {
        var command = new StringBuilder("MAIL FROM:");
        command.append(Mailbox.of(job.request().sender()).print());
        if (features.has("SIZE")) {
            command.append(" SIZE=").append(job.request().size());
        }
        if (features.has("8BITMIME") && attribute(Envelope.ENCODING).equals("8bit")) {
            command.append(" BODY=8BITMIME");
        }
        if (needsUtf8()) {
            command.append(" SMTPUTF8");
        }
        if (features.has("DSN")) {
            parameter(command, "RET", attribute(Envelope.RET).toUpperCase(Locale.ROOT));
            parameter(command, "ENVID", attribute(Envelope.ENVID));
        }
        return command.toString();
    }

    String rcpt(Recipient r) {
        var command = new StringBuilder("RCPT TO:").append(Mailbox.of(r.address()).print());
        if (features.has("DSN")) {
            parameter(command, "NOTIFY", r.dsnNotify());
            String original =
                    r.orcpt().isEmpty() ? "rfc822;" + Xtext.encode(r.original()) : r.orcpt();
            parameter(command, "ORCPT", original);
        }
        return command.toString();
    }

    private boolean needsUtf8() {
        if (!Mailbox.of(job.request().sender()).isAscii()) {
            return true;
        }
        for (Recipient r : job.recipients()) {
            if (!Mailbox.of(r.address()).isAscii()) {
                return true;
            }
        }
        return false;
    }

    private String attribute(String name) {
        return job.request().attributes().getOrDefault(name, "");
    }

    private static void parameter(StringBuilder command, String name, String value) {
        if (!value.isEmpty()) {
            command.append(' ').append(name).append('=').append(value);
        }
    }
}
