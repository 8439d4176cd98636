// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postino.linux.Processes;

/// A process that is killed at any moment leaves a store that has all that was acknowledged, under the UIDs that were told.
final class CrashTest {
    @TempDir Path dir;

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void aKilledWriterLosesNothing(String form) throws Exception {
        Map<Long, String> added = new HashMap<>();
        Set<Long> expunged = new HashSet<>();
        Set<Long> seen = new HashSet<>();
        Set<String> validities = new HashSet<>();
        for (int round = 0; round < 4; round++) {
            var process =
                    new ProcessBuilder(
                                    Path.of(System.getProperty("java.home"), "bin/java").toString(),
                                    "-XX:TieredStopAtLevel=1",
                                    "-XX:+UseSerialGC",
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    CrashingWriter.class.getName(),
                                    form,
                                    dir.toString(),
                                    "r" + round)
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            try (BufferedReader lines = process.inputReader()) {
                int acknowledged = 0;
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    String[] words = line.split(" ", -1);
                    switch (words[0]) {
                        case "added" -> {
                            validities.add(words[1]);
                            added.put(Long.parseLong(words[2]), words[3]);
                        }
                        case "seen" -> seen.add(Long.parseLong(words[1]));
                        default -> expunged.add(Long.parseLong(words[1]));
                    }
                    if (++acknowledged == 30 + 7 * round) {
                        Processes.signal((int) process.pid(), Processes.SIGKILL);
                    }
                }
            }
            process.waitFor();
            verify(form, added, seen, expunged);
            assertEquals(1, validities.size(), "UIDVALIDITY stays");
        }
    }

    private void verify(String form, Map<Long, String> added, Set<Long> seen, Set<Long> expunged)
            throws IOException {
        try (var stores = new MailStores(Clock.systemUTC());
                var store = stores.open(CrashingWriter.location(form, dir), StoreOwner.self());
                Mailbox box = store.open("INBOX", false)) {
            var there = new HashSet<Long>();
            for (int i = 1; i <= box.size(); i++) {
                there.add(box.uid(i));
            }
            assertEquals(box.size(), there.size());
            for (var message : added.entrySet()) {
                long uid = message.getKey();
                if (expunged.contains(uid)) {
                    continue;
                }
                assertTrue(there.contains(uid), () -> form + ": lost " + message);
                assertEquals(
                        CrashingWriter.text(message.getValue()), StoreContract.content(box, uid));
                if (seen.contains(uid)) {
                    assertTrue(box.message(box.sequence(uid)).flags().contains(Flag.SEEN));
                }
            }
        }
    }

    @Test
    void aTornLineOfTheUidListIsForgotten() throws IOException {
        var location = new MailLocation.Maildir(dir.resolve("Maildir"));
        Path list = dir.resolve("Maildir/dovecot-uidlist");
        long uid;
        try (var stores = new MailStores(Clock.systemUTC());
                var store = stores.open(location, StoreOwner.self())) {
            uid =
                    store.append("INBOX", Flags.of(Flag.SEEN), null, StoreContract.text("a\r\n"))
                            .uid();
            Files.writeString(list, "2 :17000", StandardOpenOption.APPEND);
            long next =
                    store.append("INBOX", Flags.of(Flag.SEEN), null, StoreContract.text("b\r\n"))
                            .uid();
            assertEquals(uid + 1, next);
            try (Mailbox box = store.open("INBOX", false)) {
                assertEquals(2, box.size());
            }
        }
        assertEquals(3, Files.readAllLines(list).size());
    }
}
