// SPDX-License-Identifier: Apache-2.0

package org.postino.sasl;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The command APOP of POP3 (RFC 1939, 7) as Dovecot's authentication protocol carries it: the timestamp of the banner, NUL, the user,
/// NUL, and the digest of timestamp and password, 16 octets, in one response.
///
/// No client can ask for it with AUTH: the timestamp must be pop3d's own.
final class ApopMechanism implements SaslMechanism {
    private static final int DIGEST = 16;

    @Override
    public String name() {
        return "APOP";
    }

    @Override
    public Set<SaslProperty> properties() {
        return Set.of(SaslProperty.PRIVATE, SaslProperty.DICTIONARY, SaslProperty.ACTIVE);
    }

    @Override
    public Optional<MechanismServer> server() {
        return Optional.of(new Server());
    }

    @Override
    public Optional<MechanismClient> client(String user, String password) {
        return Optional.empty();
    }

    private static final class Server implements MechanismServer {
        @Override
        public Step next(byte @Nullable [] response) {
            byte[] octets = response == null ? new byte[0] : response;
            int stamp = indexOfNul(octets, 0);
            int user = stamp < 0 ? -1 : indexOfNul(octets, stamp + 1);
            if (stamp < 1 || user < stamp + 2 || octets.length != user + 1 + DIGEST) {
                return new Step.Refuse(null, "", "invalid APOP response");
            }
            byte[] timestamp = Arrays.copyOf(octets, stamp);
            byte[] digest = Arrays.copyOfRange(octets, user + 1, octets.length);
            String name = PasswordText.decode(Arrays.copyOfRange(octets, stamp + 1, user));
            return new Step.Prove(
                    name, password -> MessageDigest.isEqual(digest, digest(timestamp, password)));
        }

        private static int indexOfNul(byte[] octets, int from) {
            for (int i = from; i < octets.length; i++) {
                if (octets[i] == 0) {
                    return i;
                }
            }
            return -1;
        }

        private static byte[] digest(byte[] timestamp, String password) {
            try {
                var md5 = MessageDigest.getInstance("MD5");
                md5.update(timestamp);
                return md5.digest(password.getBytes(StandardCharsets.UTF_8));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JDK has MD5", e);
            }
        }
    }
}
