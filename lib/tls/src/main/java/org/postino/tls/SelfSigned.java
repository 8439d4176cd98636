// SPDX-License-Identifier: Apache-2.0

package org.postino.tls;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// Makes a key and a certificate signed with it, for a new instance that has no other yet.
public final class SelfSigned {
    private static final Duration VALID = Duration.ofDays(3650);

    private SelfSigned() {}

    /// A P-256 key (PKCS#8) and its certificate as one PEM text, fit for `smtpd_tls_chain_files`.
    ///
    /// @param host the name it is for
    /// @param otherNames further host names or addresses
    public static String pem(String host, List<String> otherNames, Clock clock) {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            var pair = generator.generateKeyPair();
            var name = new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, host).build();
            var now = clock.instant();
            var builder =
                    new JcaX509v3CertificateBuilder(
                            name,
                            new BigInteger(127, new SecureRandom()),
                            Date.from(now.minus(Duration.ofHours(1))),
                            Date.from(now.plus(VALID)),
                            name,
                            pair.getPublic());
            builder.addExtension(Extension.subjectAlternativeName, false, names(host, otherNames));
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
            var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate());
            byte[] certificate = builder.build(signer).getEncoded();
            return block("PRIVATE KEY", pair.getPrivate().getEncoded())
                    + block("CERTIFICATE", certificate);
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException("cannot make a certificate", e);
        }
    }

    private static GeneralNames names(String host, List<String> otherNames) {
        var names = new ArrayList<GeneralName>();
        names.add(new GeneralName(GeneralName.dNSName, host));
        for (String other : otherNames) {
            boolean address =
                    other.indexOf(':') >= 0
                            || (!other.isEmpty()
                                    && other.chars()
                                            .allMatch(c -> c == '.' || (c >= '0' && c <= '9')));
            names.add(
                    new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, other));
        }
        return new GeneralNames(names.toArray(GeneralName[]::new));
    }

    private static String block(String label, byte[] der) {
        return "-----BEGIN "
                + label
                + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END "
                + label
                + "-----\n";
    }
}
