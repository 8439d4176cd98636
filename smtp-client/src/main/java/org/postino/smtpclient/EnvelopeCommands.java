// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpclient;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.postino.message.Address;
import org.postino.message.Xtext;
import org.postino.queue.DeliveryJob;
import org.postino.queue.Envelope;
import org.postino.queue.Recipient;
import org.postino.queue.XforwardCommands;
import org.postino.smtp.Command;
import org.postino.smtp.Features;
import org.postino.smtp.Utf8Address;
import org.postino.table.TableException;

/// The MAIL and RCPT commands of a message, with the parameters that the server understands.
final class EnvelopeCommands {
    private final Target target;
    private final Features features;
    private final DeliveryJob job;
    private final boolean requireTls;
    private final ContentRules rules;
    private String sender;
    private final Map<String, String> mapped = new HashMap<>();

    /// @param requireTls whether the server is told REQUIRETLS
    EnvelopeCommands(Session session, DeliveryJob job, boolean requireTls, ContentRules rules) {
        this.requireTls = requireTls;
        this.target = session.target();
        this.features = session.features();
        this.job = job;
        this.rules = rules;
        sender = job.request().sender();
    }

    /// Makes the addresses of the envelope those that other systems are to see.
    void mapAddresses() throws TableException {
        if (rules.generic().maps().isEmpty()) {
            return;
        }
        sender = rules.address(sender);
        for (Recipient r : job.recipients()) {
            mapped.put(r.address(), rules.address(r.address()));
        }
    }

    private Address address(Recipient r) {
        return Address.parse(mapped.getOrDefault(r.address(), r.address()));
    }

    /// Returns the reason why this server cannot take this message; null if it can.
    @Nullable Failure unfit() {
        long limit = features.sizeLimit();
        if (limit > 0 && job.request().size() > limit) {
            return Failure.of(
                    "5.3.4",
                    "message size "
                            + job.request().size()
                            + " exceeds size limit "
                            + limit
                            + " of server "
                            + target.name());
        }
        if (needsUtf8() && !features.has("SMTPUTF8")) {
            return Failure.of(
                    "5.6.7", "SMTPUTF8 is required, but was not offered by host " + target.name());
        }
        return null;
    }

    /// The commands in front of MAIL that tell of the client.
    List<Command> xforward() {
        return new XforwardCommands(
                        features.words("XFORWARD"),
                        job.request().attributes(),
                        job.request().id().text())
                .commands();
    }

    String mail() {
        var command = new StringBuilder("MAIL FROM:");
        command.append(Address.parse(sender).path());
        if (features.has("SIZE")) {
            command.append(" SIZE=").append(job.request().size());
        }
        if (features.has("8BITMIME") && isEightBit()) {
            command.append(" BODY=8BITMIME");
        }
        if (needsUtf8()) {
            command.append(" SMTPUTF8");
        }
        if (requireTls) {
            command.append(' ').append(TlsWish.KEYWORD);
        }
        if (features.has("DSN")) {
            parameter(command, "RET", attribute(Envelope.RET).toUpperCase(Locale.ROOT));
            parameter(command, "ENVID", attribute(Envelope.ENVID));
        }
        return command.toString();
    }

    String rcpt(Recipient r) {
        var command = new StringBuilder("RCPT TO:").append(address(r).path());
        if (features.has("DSN")) {
            parameter(command, "NOTIFY", r.dsnNotify());
            parameter(command, "ORCPT", r.orcpt().isEmpty() ? original(r) : orcpt(r.orcpt()));
        }
        return command.toString();
    }

    /// Returns ORCPT for an address as the envelope had it, quotes included (RFC 3461, 4.2); its type is utf-8 if it is not ASCII.
    private String original(Recipient r) {
        Address mailbox = Address.parse(r.original().isEmpty() ? r.address() : r.original());
        String path = mailbox.path();
        String address = path.substring(1, path.length() - 1);
        return mailbox.isAscii() ? "rfc822;" + Xtext.encode(address) : "utf-8;" + utf8(address);
    }

    /// Returns ORCPT as the client gave it, or in ASCII for a server without SMTPUTF8 (RFC 6533, 3).
    private String orcpt(String given) {
        int semicolon = given.indexOf(';');
        boolean ascii = given.chars().allMatch(c -> c < 0x80);
        return ascii || needsUtf8()
                ? given
                : given.substring(0, semicolon + 1)
                        + Utf8Address.sevenBit(given.substring(semicolon + 1));
    }

    private String utf8(String address) {
        return needsUtf8() ? Utf8Address.eightBit(address) : Utf8Address.sevenBit(address);
    }

    /// True if the message has octets above 127, or the client declared that it has.
    boolean isEightBit() {
        return attribute(Envelope.ENCODING).equals("8bit");
    }

    private boolean needsUtf8() {
        if (attribute(Envelope.UTF8_HEADER).equals(Envelope.YES)) {
            return true;
        }
        if (!Address.parse(sender).isAscii()) {
            return true;
        }
        for (Recipient r : job.recipients()) {
            if (!address(r).isAscii()) {
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
