// SPDX-License-Identifier: Apache-2.0

package org.postino.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.postino.auth.PasswordAnswer.Verdict;
import org.postino.linux.ShadowEntry;

class ShadowCheckTest {
    private static final String HASH =
            "$6$rounds=5000$abcdefgh$msgktWxVAbjjh3X7lA5LaM7dS/ZfABJL6T4qcRsnjcOTj0kptUvZcrvrXIoO5fgPA9xz6UnF2To2Y7jGc/IZY/";
    private static final long TODAY = LocalDate.of(2026, 1, 1).toEpochDay();
    private static final Clock CLOCK =
            Clock.fixed(Instant.parse("2026-01-01T12:00:00Z"), ZoneOffset.UTC);

    private static Verdict verdict(ShadowEntry entry, String password) throws IOException {
        var check = new ShadowCheck(_ -> Optional.of(entry), CLOCK);
        return check.check("alice", password.getBytes(UTF_8)).verdict();
    }

    private static ShadowEntry dated(long changed, long maximum, long expires) {
        return new ShadowEntry(HASH, changed, maximum, -1, expires);
    }

    @Test
    void theHashDecides() throws IOException {
        assertEquals(Verdict.RIGHT, verdict(dated(TODAY - 9, 99999, -1), "geheim"));
        assertEquals(Verdict.WRONG, verdict(dated(TODAY - 9, 99999, -1), "geheim2"));
        assertEquals(Verdict.WRONG, verdict(dated(TODAY - 9, 99999, -1), ""));
    }

    @Test
    void strangersAreUnknown() throws IOException {
        var check = new ShadowCheck(_ -> Optional.empty(), CLOCK);
        assertEquals(Verdict.UNKNOWN_USER, check.check("x", "y".getBytes(UTF_8)).verdict());
    }

    @Test
    void lockedAndEmptyPasswordsMatchNothing() throws IOException {
        for (String hash : new String[] {"", "!", "*", "!!", "!" + HASH, "*" + HASH}) {
            var entry = new ShadowEntry(hash, TODAY, -1, -1, -1);
            assertEquals(Verdict.LOCKED, verdict(entry, "geheim"), hash);
            assertEquals(Verdict.LOCKED, verdict(entry, ""), hash);
            assertEquals(Verdict.LOCKED, verdict(entry, hash), hash);
        }
    }

    @Test
    void datesEndAccountsAndPasswords() throws IOException {
        assertEquals(Verdict.ACCOUNT_EXPIRED, verdict(dated(TODAY, -1, TODAY), "geheim"));
        assertEquals(Verdict.ACCOUNT_EXPIRED, verdict(dated(TODAY, -1, 1), "geheim"));
        assertEquals(Verdict.RIGHT, verdict(dated(TODAY, -1, TODAY + 1), "geheim"));
        assertEquals(Verdict.PASSWORD_EXPIRED, verdict(dated(0, 99999, -1), "geheim"));
        assertEquals(Verdict.RIGHT, verdict(dated(TODAY - 90, 90, -1), "geheim"));
        assertEquals(Verdict.PASSWORD_EXPIRED, verdict(dated(TODAY - 91, 90, -1), "geheim"));
        assertEquals(Verdict.RIGHT, verdict(dated(-1, 90, -1), "geheim"));
        assertEquals(Verdict.WRONG, verdict(dated(TODAY, -1, TODAY), "wrong"));
    }
}
