// SPDX-License-Identifier: Apache-2.0

package org.postino.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NewcomersTest {
    private static final long NOW = 1_000_000_000_000L;

    private final Set<SessionKind.Session> all = new LinkedHashSet<>();

    /// A session that does nothing.
    ///
    /// @param age in milliseconds, counted from [#NOW]
    private record Guest(String origin, boolean isNewcomer, int age, StringBuilder fate)
            implements SessionKind.Session {
        @Override
        public void run() {}

        @Override
        public boolean isWaiting() {
            return true;
        }

        @Override
        public void hurry() {}

        @Override
        public long lastActivity() {
            return since();
        }

        @Override
        public long since() {
            return NOW - age * 1_000_000L;
        }

        @Override
        public void showOut() {
            fate.append("shown out ");
        }

        @Override
        public void abort() {
            fate.append("cut off");
        }
    }

    private Guest guest(String origin, boolean newcomer, int age) {
        var guest = new Guest(origin, newcomer, age, new StringBuilder());
        all.add(guest);
        return guest;
    }

    @Test
    void theOldestNewcomerOfTheAddressWithMostMakesRoom() {
        guest("known", false, 9000);
        guest("alone", true, 8000);
        Guest first = guest("many", true, 5000);
        Guest second = guest("many", true, 4000);
        var newcomers = new Newcomers(all, 0);
        assertEquals(Optional.of(first), newcomers.toMakeRoom(NOW));
        newcomers.showOut(first, NOW);
        assertEquals("shown out ", first.fate().toString());
        assertEquals(3, newcomers.occupied());
        // Now each address has one: age decides.
        assertEquals("alone", newcomers.toMakeRoom(NOW).orElseThrow().origin());
        all.remove(first);
        newcomers.ended(first);
        assertEquals(3, newcomers.occupied());
        assertEquals("", second.fate().toString());
    }

    @Test
    void nobodyIsShownOutWhoIsNotSilentOrIsKnown() {
        guest("a", true, 999);
        guest("b", false, 60_000);
        var newcomers = new Newcomers(all, 0);
        assertEquals(Optional.empty(), newcomers.toMakeRoom(NOW));
        assertTrue(newcomers.toMakeRoom(NOW + 1_000_000).isPresent());
    }

    @Test
    void anAddressHoldsSoManyNewcomersWhoeverElseIsThere() {
        Guest oldest = guest("a", true, 2000);
        guest("a", true, 1500);
        guest("a", false, 90);
        guest("b", true, 90);
        assertEquals(Optional.empty(), new Newcomers(all, 3).tooManyFrom("a", NOW));
        assertEquals(Optional.of(oldest), new Newcomers(all, 2).tooManyFrom("a", NOW));
        assertEquals(Optional.empty(), new Newcomers(all, 0).tooManyFrom("a", NOW));
        guest("", true, 90);
        assertEquals(Optional.empty(), new Newcomers(all, 1).tooManyFrom("", NOW));
    }

    @Test
    void whoDoesNotGoIsCutOff() {
        Guest guest = guest("a", true, 5000);
        var newcomers = new Newcomers(all, 0);
        newcomers.showOut(guest, NOW);
        newcomers.hurry(NOW + 500_000_000L);
        assertEquals("shown out ", guest.fate().toString());
        newcomers.hurry(NOW + 1_500_000_000L);
        assertEquals("shown out cut off", guest.fate().toString());
    }
}
