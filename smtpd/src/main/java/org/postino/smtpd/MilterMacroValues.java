// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;
import org.postino.message.Address;
import org.postino.milter.MacroSource;
import org.postino.routing.Resolved;
import org.postino.smtp.Reply;
import org.postino.table.TableException;
import org.postino.tls.TlsSession;

/// The values of the macros of milters at one moment of a session.
///
/// @param refusal of the recipient in question; null if nobody has refused it
record MilterMacroValues(
        Facts facts,
        @Nullable Reply refusal,
        MilterSource.Fixed fixed,
        AddressLookup addresses,
        ClientLimits limits)
        implements MacroSource {

    @Override
    public @Nullable String value(String name) {
        return switch (name) {
            case "i" -> facts.queueId().equals(Transaction.NO_QUEUE) ? null : facts.queueId();
            case "j", "{if_name}" -> fixed.hostname();
            case "v" -> fixed.version();
            case "_", "{client_addr}", "{client_connections}", "{client_name}" -> ofClient(name);
            case "{client_port}", "{client_ptr}" -> ofClient(name);
            case "{daemon_name}" -> fixed.daemonName();
            case "{daemon_addr}", "{if_addr}" -> address();
            case "{daemon_port}" -> port();
            case "{tls_version}", "{cipher}", "{cipher_bits}" -> ofTls(name);
            case "{cert_subject}", "{cert_issuer}" -> ofCertificate(name);
            case "{auth_authen}" -> facts.login() == null ? null : facts.login().user();
            case "{auth_type}" -> facts.login() == null ? null : facts.login().method();
            case "{auth_author}" -> facts.message().saslSender();
            case "{mail_addr}", "{mail_host}", "{mail_mailer}" -> ofSender(name);
            case "{rcpt_addr}", "{rcpt_host}", "{rcpt_mailer}" -> ofRecipient(name);
            default -> null;
        };
    }

    private @Nullable String ofClient(String name) {
        Client client = facts.client();
        InetAddress address = client.address();
        return switch (name) {
            case "{client_addr}" -> client.literal();
            case "{client_name}" -> client.name();
            case "{client_port}" -> Integer.toString(client.port());
            case "{client_ptr}" -> client.named().reverse();
            case "{client_connections}" ->
                    address == null ? null : Integer.toString(limits.sessions(address));
            default -> {
                String reverse = client.named().reverse();
                yield reverse
                        + " ["
                        + client.addressText()
                        + "]"
                        + (reverse.equals(client.name()) ? "" : " (may be forged)");
            }
        };
    }

    private @Nullable String address() {
        var server = facts.server();
        return server == null ? null : Client.text(server.getAddress());
    }

    private @Nullable String port() {
        var server = facts.server();
        return server == null ? null : Integer.toString(server.getPort());
    }

    private @Nullable String ofTls(String name) {
        var tls = facts.tls();
        if (tls == null) {
            return null;
        }
        return switch (name) {
            case "{tls_version}" -> tls.protocol();
            case "{cipher}" -> tls.cipher();
            default -> Integer.toString(tls.bits());
        };
    }

    /// A certificate for which nobody vouches may say anything.
    private @Nullable String ofCertificate(String name) {
        var tls = facts.tls();
        var certificate = tls == null ? null : tls.peer().certificate();
        boolean trusted =
                tls != null
                        && (tls.trust() == TlsSession.Trust.TRUSTED
                                || tls.trust() == TlsSession.Trust.VERIFIED);
        if (certificate == null || !trusted) {
            return null;
        }
        return name.equals("{cert_subject}") ? certificate.name() : certificate.issuer();
    }

    private @Nullable String ofSender(String name) {
        Address sender = facts.sender();
        return sender == null ? null : part(name, sender.toString(), resolved(null, sender));
    }

    private @Nullable String ofRecipient(String name) {
        Address recipient = facts.recipient();
        if (recipient == null) {
            return null;
        }
        Reply no = refusal;
        if (no == null) {
            return part(name, recipient.toString(), resolved(facts.sender(), recipient));
        }
        return switch (name) {
            case "{rcpt_addr}" -> no.text();
            case "{rcpt_host}" -> no.status() == null ? "" : no.status().toString();
            default -> "error";
        };
    }

    private static @Nullable String part(String name, String address, @Nullable Resolved way) {
        if (name.endsWith("_addr}")) {
            return address;
        }
        if (way == null) {
            return null;
        }
        return name.endsWith("_host}") ? way.nexthop() : way.transport();
    }

    private @Nullable Resolved resolved(@Nullable Address sender, Address address) {
        try {
            return addresses.resolve(sender, address);
        } catch (TableException e) {
            return null;
        }
    }
}
