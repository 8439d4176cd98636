// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpclient;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.postino.smtp.Reply;
import org.postino.table.Maps;
import org.postino.table.TableException;

/// Authenticates to a server with a password of `smtp_sasl_password_maps` (RFC 4954).
final class SaslLogin {
    private static final List<String> KNOWN = List.of("CRAM-MD5", "PLAIN", "LOGIN");
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
        String mechanism = choose(features.mechanisms(), wire.connection().secured());
        if (mechanism == null) {
            throw SiteFailure.refused(
                    Trouble.of(
                            "4.7.0",
                            "SASL authentication failed; cannot authenticate to server "
                                    + wire.target().name()
                                    + ": no mechanism available"));
        }
        Reply reply = exchange(wire, mechanism, found.get());
        if (!reply.isPositive() || reply.code() / 100 == 3) {
            Trouble trouble =
                    Trouble.of(
                            reply.isPermanent() ? "5.7.8" : "4.7.8",
                            "SASL authentication failed; server "
                                    + wire.target().name()
                                    + " said: "
                                    + reply);
            throw SiteFailure.refused(settings.sasl().softBounce() ? trouble.temporary() : trouble);
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
                    Trouble.of("4.3.0", "SASL password lookup failed: " + e.getMessage()));
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

    /// The best mechanism that the server offers and the security options allow; null if there is none.
    private @Nullable String choose(List<String> offered, boolean secured) {
        Settings.Sasl sasl = settings.sasl();
        boolean plaintext = !(secured ? sasl.tlsOptions() : sasl.options()).contains("noplaintext");
        for (String mechanism : KNOWN) {
            boolean allowed = plaintext || mechanism.equals("CRAM-MD5");
            if (allowed
                    && offered.contains(mechanism)
                    && (sasl.filter().isEmpty() || sasl.filter().contains(mechanism))) {
                return mechanism;
            }
        }
        return null;
    }

    private Reply exchange(Wire wire, String mechanism, Credentials c) throws Wire.BrokenException {
        return switch (mechanism) {
            case "PLAIN" ->
                    say(wire, "AUTH PLAIN " + base64("\0" + c.user() + "\0" + c.password()));
            case "LOGIN" -> {
                Reply reply = say(wire, "AUTH LOGIN");
                reply = reply.code() == 334 ? say(wire, base64(c.user())) : reply;
                yield reply.code() == 334 ? say(wire, base64(c.password())) : reply;
            }
            default -> {
                Reply reply = say(wire, "AUTH " + mechanism);
                yield reply.code() == 334
                        ? say(wire, base64(c.user() + " " + keyed(reply.text(), c.password())))
                        : reply;
            }
        };
    }

    private Reply say(Wire wire, String line) throws Wire.BrokenException {
        return wire.command(line, settings.timeouts().mail(), DOING);
    }

    /// RFC 2195.
    private static String keyed(String challenge, String password) {
        try {
            byte[] secret = password.getBytes(StandardCharsets.UTF_8);
            var mac = Mac.getInstance("HmacMD5");
            mac.init(new SecretKeySpec(secret.length == 0 ? new byte[1] : secret, "HmacMD5"));
            byte[] text =
                    Base64.getDecoder().decode(challenge.getBytes(StandardCharsets.ISO_8859_1));
            return HexFormat.of().formatHex(mac.doFinal(text));
        } catch (NoSuchAlgorithmException | InvalidKeyException | IllegalArgumentException e) {
            return "";
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
