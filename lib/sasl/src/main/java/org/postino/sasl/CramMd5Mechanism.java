// SPDX-License-Identifier: Apache-2.0

package org.postino.sasl;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// CRAM-MD5 (RFC 2195), the client's side: a server would need the password itself, and we store hashes.
final class CramMd5Mechanism implements SaslMechanism {
    private static final String HMAC = "HmacMD5";

    @Override
    public String name() {
        return "CRAM-MD5";
    }

    @Override
    public Set<SaslProperty> properties() {
        return Set.of(SaslProperty.DICTIONARY, SaslProperty.ACTIVE);
    }

    @Override
    public Optional<MechanismServer> server() {
        return Optional.empty();
    }

    @Override
    public Optional<MechanismClient> client(String user, String password) {
        return Optional.of(new Client(user, password));
    }

    private static final class Client implements MechanismClient {
        private final String user;
        private final String password;
        private boolean answered;

        Client(String user, String password) {
            this.user = user;
            this.password = password;
        }

        @Override
        public Optional<byte[]> initialResponse() {
            return Optional.empty();
        }

        @Override
        public Optional<byte[]> respond(byte[] challenge) {
            if (answered) {
                return Optional.empty();
            }
            answered = true;
            String response = user + " " + HexFormat.of().formatHex(keyed(challenge));
            return Optional.of(response.getBytes(StandardCharsets.UTF_8));
        }

        private byte[] keyed(byte[] challenge) {
            byte[] secret = password.getBytes(StandardCharsets.UTF_8);
            try {
                var mac = Mac.getInstance(HMAC);
                mac.init(new SecretKeySpec(secret.length == 0 ? new byte[1] : secret, HMAC));
                return mac.doFinal(challenge);
            } catch (NoSuchAlgorithmException | InvalidKeyException e) {
                throw new IllegalStateException("every JDK has " + HMAC, e);
            }
        }
    }
}
