// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.message.Address;
import org.postino.message.Xtext;
import org.postino.smtp.SmtpStage;
import org.postino.tls.PeerCertificate;
import org.postino.tls.TlsSession;
import org.postino.util.Printable;

/// Writes requests to policy servers: lines `name=value`, then an empty one. Names, order and values are those of Postfix 3.11.
final class PolicyRequest {
    private final String stress;
    private final String level;
    private final String version;

    PolicyRequest(Config config) {
        stress = config.get(MainParams.STRESS);
        level = config.get(MainParams.COMPATIBILITY_LEVEL);
        version = config.get(MainParams.MAIL_VERSION);
    }

    /// @param stage the stage, as log lines name it
    /// @param context `policy_context`
    byte[] print(String stage, Facts facts, String context) {
        var out = new Lines();
        boolean message = stage.equals("DATA") || stage.equals("BDAT") || isEnd(stage);
        out.add("request", "smtpd_access_policy");
        out.add("protocol_state", stage.equals("BDAT") ? "DATA" : stage);
        out.add("protocol_name", facts.protocol());
        connection(out, facts);
        out.add("helo_name", facts.helo());
        out.add("sender", text(facts.sender()));
        out.add("recipient", text(facts.recipient()));
        out.add("recipient_count", Integer.toString(message ? facts.recipients() : 0));
        out.add("queue_id", facts.queueId().equals(Transaction.NO_QUEUE) ? "" : facts.queueId());
        out.add("instance", facts.message().instance());
        out.add("size", Long.toString(facts.message().size()));
        out.add("etrn_domain", facts.etrnDomain() == null ? "" : facts.etrnDomain());
        out.add("stress", stress);
        login(out, facts);
        certificate(out, facts.tls());
        encryption(out, facts.tls());
        out.add("policy_context", context);
        out.add("compatibility_level", level);
        out.add("mail_version", version);
        return out.end();
    }

    private static boolean isEnd(String stage) {
        return stage.equals(SmtpStage.END_OF_MESSAGE.word());
    }

    private static void connection(Lines out, Facts facts) {
        Client client = facts.client();
        InetSocketAddress server = facts.server();
        out.add("client_address", client.addressText());
        out.add("client_name", client.name());
        out.add("client_port", Integer.toString(client.port()));
        out.add("reverse_client_name", client.named().reverse());
        out.add("server_address", server == null ? "" : Client.text(server.getAddress()));
        out.add("server_port", server == null ? "" : Integer.toString(server.getPort()));
    }

    private static void login(Lines out, Facts facts) {
        Login login = facts.login();
        out.add("sasl_method", login == null ? "" : login.method());
        out.add("sasl_username", login == null ? "" : login.user());
        out.add("sasl_sender", login == null ? "" : facts.message().saslSender());
    }

    /// Names count only if an authority vouches for them. Whoever looks for a fingerprint needs no authority.
    private static void certificate(Lines out, @Nullable TlsSession tls) {
        PeerCertificate trusted = tls == null ? null : tls.trustedCertificate();
        PeerCertificate shown = tls == null ? null : tls.peer().certificate();
        out.add("ccert_subject", trusted == null ? "" : Xtext.encode(trusted.name()));
        out.add("ccert_issuer", trusted == null ? "" : Xtext.encode(trusted.issuer()));
        out.add("ccert_fingerprint", shown == null ? "" : shown.fingerprint());
        out.add("ccert_pubkey_fingerprint", shown == null ? "" : shown.keyFingerprint());
    }

    private static void encryption(Lines out, @Nullable TlsSession tls) {
        out.add("encryption_protocol", tls == null ? "" : tls.protocol());
        out.add("encryption_cipher", tls == null ? "" : tls.cipher());
        out.add("encryption_keysize", Integer.toString(tls == null ? 0 : tls.bits()));
    }

    private static @Nullable String text(@Nullable Address address) {
        return address == null ? null : address.toString();
    }

    /// The lines of one request. No value can end its line.
    private static final class Lines {
        private final StringBuilder text = new StringBuilder(1024);

        void add(String name, @Nullable String value) {
            text.append(name).append('=');
            text.append(value == null ? "" : Printable.text(value)).append('\n');
        }

        byte[] end() {
            return text.append('\n').toString().getBytes(StandardCharsets.UTF_8);
        }
    }
}
