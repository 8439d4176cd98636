// SPDX-License-Identifier: Apache-2.0

package org.postino.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/// Our keys and certificates as the JDK asks for them, by key type and by the server name the client wants.
///
/// The JDK's own key manager would decrypt its key store again in every handshake. The JDK asks for an alias, then on the same
/// thread for its key and chain; keys that belong to a name may have been replaced in between, so that what was chosen is kept.
final class Identities extends X509ExtendedKeyManager {
    private static final String NAMED = "named";

    private final List<PemFiles.Identity> identities;
    private final @Nullable NamedIdentities named;

    @SuppressWarnings(
            "ThreadLocalUsage") // there is one of these in a daemon, for each version of its keys
    private final ThreadLocal<PemFiles.Identity> chosen = new ThreadLocal<>();

    Identities(List<PemFiles.Identity> identities) {
        this(identities, null);
    }

    /// @param named keys and certificates for single names, which go before the others; null if there are none
    Identities(List<PemFiles.Identity> identities, @Nullable NamedIdentities named) {
        this.identities = List.copyOf(identities);
        this.named = named;
    }

    @Override
    public @Nullable String chooseServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return choose(keyType, socket instanceof SSLSocket s ? s.getHandshakeSession() : null);
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return choose(keyType, engine == null ? null : engine.getHandshakeSession());
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        for (String keyType : keyTypes) {
            String alias = choose(keyType, null);
            if (alias != null) {
                return alias;
            }
        }
        return null;
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        var aliases = new ArrayList<String>();
        for (int i = 0; i < identities.size(); i++) {
            if (fits(identities.get(i), keyType)) {
                aliases.add(Integer.toString(i));
            }
        }
        return aliases.isEmpty() ? null : aliases.toArray(String[]::new);
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return getServerAliases(keyType, issuers);
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        return identity(alias).chain().toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        return identity(alias).key();
    }

    private PemFiles.Identity identity(String alias) {
        return alias.equals(NAMED) ? chosen.get() : identities.get(Integer.parseInt(alias));
    }

    private @Nullable String choose(String keyType, @Nullable SSLSession session) {
        String wanted = serverName(session);
        List<PemFiles.Identity> own =
                named == null || wanted == null ? List.of() : named.find(wanted);
        if (!own.isEmpty()) {
            for (PemFiles.Identity identity : own) {
                if (fits(identity, keyType)) {
                    chosen.set(identity);
                    return NAMED;
                }
            }
            return null;
        }
        boolean covered =
                wanted != null
                        && identities.stream().anyMatch(i -> covers(i.chain().getFirst(), wanted));
        for (int i = 0; i < identities.size(); i++) {
            boolean right =
                    wanted == null
                            || !covered
                            || covers(identities.get(i).chain().getFirst(), wanted);
            if (right && fits(identities.get(i), keyType)) {
                return Integer.toString(i);
            }
        }
        return null;
    }

    private static boolean fits(PemFiles.Identity identity, String keyType) {
        String algorithm = identity.key().getAlgorithm();
        return switch (keyType) {
            case "EC", "EC_EC" -> algorithm.equals("EC");
            case "RSA", "RSASSA-PSS" -> algorithm.startsWith("RSA");
            case "EdDSA", "Ed25519", "Ed448" ->
                    algorithm.equals("EdDSA") || algorithm.startsWith("Ed");
            default -> keyType.equals(algorithm);
        };
    }

    /// The host name that the client asked for, in lower case; null if it asked for none.
    static @Nullable String serverName(@Nullable SSLSession session) {
        if (session instanceof ExtendedSSLSession extended) {
            for (SNIServerName name : extended.getRequestedServerNames()) {
                if (name instanceof SNIHostName host) {
                    return host.getAsciiName().toLowerCase(Locale.ROOT);
                }
            }
        }
        return null;
    }

    /// True if a certificate is made out for this host name (in lower case), by itself or by `*.`; for `.domain`, whether it is
    /// made out for a name below it.
    static boolean covers(X509Certificate certificate, String host) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            if (names == null) {
                return false;
            }
            for (List<?> name : names) {
                if (name.get(0).equals(2)
                        && name.get(1) instanceof String pattern
                        && matches(pattern.toLowerCase(Locale.ROOT), host)) {
                    return true;
                }
            }
            return false;
        } catch (CertificateParsingException e) {
            return false;
        }
    }

    private static boolean matches(String pattern, String host) {
        if (host.startsWith(".")) {
            return pattern.length() > host.length() && pattern.endsWith(host);
        }
        if (pattern.startsWith("*.")) {
            int dot = host.indexOf('.');
            return dot > 0 && host.substring(dot).equals(pattern.substring(1));
        }
        return pattern.equals(host);
    }
}
