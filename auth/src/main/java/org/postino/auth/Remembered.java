// SPDX-License-Identifier: Apache-2.0

package org.postino.auth;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// Remembers passwords that were checked lately, so that a mail program which logs in every minute does not cost a hash each
/// time.
///
/// It keeps only a keyed digest (HMAC-SHA-256 under a key that lives as long as this process) of user, stored password and
/// typed password. So nothing is recalled once the stored password has changed. Bounded by size and age. Thread-safe.
final class Remembered {
    private static final int ENTRY_BYTES = 200;

    private final int maxEntries;
    private final Duration ttl;
    private final Duration negativeTtl;
    private final Clock clock;
    private byte @Nullable [] key; // made when first needed; guarded by this
    private final Map<String, Entry> entries =
            new LinkedHashMap<>(16, 0.75f, true); // guarded by itself
    private long generation; // guarded by entries

    private record Entry(boolean matched, Instant expires) {}

    /// @param bytes the memory to use, about; with 0 nothing is remembered
    Remembered(long bytes, Duration ttl, Duration negativeTtl, Clock clock) {
        this.maxEntries = (int) Math.min(bytes / ENTRY_BYTES, 1_000_000);
        this.ttl = ttl;
        this.negativeTtl = negativeTtl;
        this.clock = clock;
    }

    /// Returns a memory that remembers nothing.
    static Remembered nothing() {
        return new Remembered(0, Duration.ZERO, Duration.ZERO, Clock.systemUTC());
    }

    /// Returns whether the password matched at its last check for this account; empty if that is not known any more.
    ///
    /// @param currentGeneration the files' generation now; everything remembered under another one is forgotten
    Optional<Boolean> recall(PasswdEntry account, String password, long currentGeneration) {
        if (maxEntries == 0) {
            return Optional.empty();
        }
        String digest = digest(account, password);
        synchronized (entries) {
            if (generation != currentGeneration) {
                entries.clear();
                generation = currentGeneration;
            }
            Entry entry = entries.get(digest);
            if (entry == null) {
                return Optional.empty();
            }
            if (!clock.instant().isBefore(entry.expires())) {
                entries.remove(digest);
                return Optional.empty();
            }
            return Optional.of(entry.matched());
        }
    }

    void store(PasswdEntry account, String password, boolean matched) {
        Duration age = matched ? ttl : negativeTtl;
        if (maxEntries == 0 || age.isZero()) {
            return;
        }
        String digest = digest(account, password);
        synchronized (entries) {
            entries.put(digest, new Entry(matched, clock.instant().plus(age)));
            if (entries.size() > maxEntries) {
                var eldest = entries.entrySet().iterator();
                eldest.next();
                eldest.remove();
            }
        }
    }

    private synchronized byte[] key() {
        byte[] made = key;
        if (made == null) {
            made = new byte[32];
            new SecureRandom().nextBytes(made);
            key = made;
        }
        return made;
    }

    private String digest(PasswdEntry account, String password) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key(), "HmacSHA256"));
            for (String part : new String[] {account.name(), account.password(), password}) {
                byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
                mac.update((byte) (bytes.length >> 8));
                mac.update((byte) bytes.length);
                mac.update(bytes);
                Arrays.fill(bytes, (byte) 0);
            }
            return HexFormat.of().formatHex(mac.doFinal());
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException(e);
        }
    }
}
