// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpclient;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.postino.sasl.MechanismClient;
import org.postino.sasl.SaslMechanism;
import org.postino.sasl.SaslMechanisms;
import org.postino.sasl.SaslOptions;
import org.postino.smtp.Features;
import org.postino.smtp.Reply;
import org.postino.table.Maps;
import org.postino.table.TableException;

/// Authenticates to a server with a password of `smtp_sasl_password_maps` (RFC 4954).
final class SaslLogin {
    private static final String DOING = "sending AUTH";

    private final Settings settings;
    private final Maps passwords;

    private record Credentials(String user, String password) {}

    SaslLogin(Settings settings, Maps passwords) {
        this.settings = settings;
        this.passwords = passwords;
    }

    /// Logs in if there is a password for this server and it offers AUTH.
    void login(Wire wire, Handshake.Wanted wanted, Features features)
            throws SiteFailure, Wire.BrokenException {
        if (!settings.sasl().enabled() || !features.has("AUTH")) {
            return;
        }
        Optional<Credentials> found = credentials(wire.target(), wanted);
        if (found.isEmpty()) {
            return;
        }
        Reply reply = exchange(wire, choose(wire, features.mechanisms(), found.get()));
        if (!reply.isPositive() || reply.code() / 100 == 3) {
            Failure failure =
                    Failure.of(
                            reply.isPermanent() ? "5.7.8" : "4.7.8",
                            "SASL authentication failed; server "
                                    + wire.target().name()
                                    + " said: "
                                    + reply);
            throw SiteFailure.refused(settings.sasl().softBounce() ? failure.temporary() : failure);
        }
    }

    private Optional<Credentials> credentials(Target target, Handshake.Wanted wanted)
            throws SiteFailure {
        try {
            for (String key : keys(target, wanted)) {
                Optional<String> value = passwords.find(key);
                if (value.isPresent()) {
                    String text = value.get();
                    int colon = text.indexOf(':');
                    return Optional.of(
                            colon < 0
                                    ? new Credentials(text, "")
                                    : new Credentials(
                                            text.substring(0, colon), text.substring(colon + 1)));
                }
            }
            return Optional.empty();
        } catch (TableException e) {
            throw SiteFailure.refused(
                    Failure.of("4.3.0", "SASL password lookup failed: " + e.getMessage()));
        }
    }

    private List<String> keys(Target target, Handshake.Wanted wanted) {
        var keys = new ArrayList<String>();
        if (settings.sasl().bySender() && !wanted.sender().isEmpty()) {
            keys.add(wanted.sender());
        }
        keys.add(wanted.nexthop());
        keys.add(target.host());
        return keys;
    }

    /// The chosen mechanism, and our side of its exchange.
    private record Chosen(String name, MechanismClient client) {}

    /// Chooses the best mechanism that the server offers and the security options allow.
    private Chosen choose(Wire wire, List<String> offered, Credentials c) throws SiteFailure {
        Settings.Sasl sasl = settings.sasl();
        SaslOptions options = wire.connection().secured() ? sasl.tlsOptions() : sasl.options();
        for (SaslMechanism mechanism : SaslMechanisms.ALL) {
            String name = mechanism.name();
            if (offered.contains(name)
                    && options.allow(mechanism.properties())
                    && (sasl.filter().isEmpty() || sasl.filter().contains(name))) {
                var client = mechanism.client(c.user(), c.password());
                if (client.isPresent()) {
                    return new Chosen(name, client.get());
                }
            }
        }
        throw SiteFailure.refused(
                Failure.of(
                        "4.7.0",
                        "SASL authentication failed; cannot authenticate to server "
                                + wire.target().name()
                                + ": no mechanism available"));
    }

    /// Runs the exchange to the server's last word, or to a challenge that cannot be answered.
    private Reply exchange(Wire wire, Chosen chosen) throws Wire.BrokenException {
        String initial =
                chosen.client()
                        .initialResponse()
                        .map(response -> " " + (response.length == 0 ? "=" : base64(response)))
                        .orElse("");
        Reply reply = say(wire, "AUTH " + chosen.name() + initial);
        while (reply.code() == 334) {
            Optional<byte[]> response = chosen.client().respond(decode(reply.text()));
            if (response.isEmpty()) {
                return say(wire, "*");
            }
            reply = say(wire, base64(response.get()));
        }
        return reply;
    }

    private Reply say(Wire wire, String line) throws Wire.BrokenException {
        return wire.command(line, settings.timeouts().mail(), DOING);
    }

    /// Decodes a challenge. Some old servers put LOGIN's questions in plain words, so a text that is not base64 stays as it is.
    private static byte[] decode(String challenge) {
        byte[] text = challenge.getBytes(StandardCharsets.ISO_8859_1);
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    private static String base64(byte[] data) {
        return Base64.getEncoder().encodeToString(data);
    }
}
