// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.server.ServerDialer;
import org.postino.suite.ScannerParams;

/// The memory in which messages wait for spamd.
final class SpamdInspectorTest {
    private final HeldMemory memory = new HeldMemory(1000, 1000);
    private final Supplier<Inspector> each =
            SpamdInspector.each(
                    Config.of(
                            Map.of(
                                    "smtpd_spamd_servers", "inet:127.0.0.1:783",
                                    "smtpd_spamd_size_limit", "800",
                                    "myhostname", "mx.test"),
                            MainParams.ALL,
                            ScannerParams.ALL),
                    new ServerDialer(Path.of("/nonexistent"), _ -> List.of()),
                    memory,
                    Clock.systemUTC());

    private static void send(Inspector inspector, int bytes) {
        Objects.requireNonNull(inspector.content()).content(new byte[bytes], 0, bytes);
    }

    @Test
    void sessionsShareTheRoom() {
        Inspector one = each.get();
        Inspector other = each.get();
        send(one, 700);
        assertEquals(700, memory.used());
        send(other, 700);
        assertEquals(700, memory.used());
        one.messageEnded();
        assertEquals(0, memory.used());
        send(other, 700);
        assertEquals(700, memory.used());
        other.close();
        assertEquals(0, memory.used());
    }

    @Test
    void whatIsTooLargeTakesNone() {
        Inspector one = each.get();
        send(one, 801);
        assertEquals(0, memory.used());
        send(one, 600);
        send(one, 800); // another message
        assertEquals(800, memory.used());
    }
}
