// SPDX-License-Identifier: Apache-2.0

package org.postino.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AuthPartsTest {
    private final AtomicLong seconds = new AtomicLong();
    private final Clock clock =
            new Clock() {
                @Override
                public ZoneId getZone() {
                    return ZoneOffset.UTC;
                }

                @Override
                public Clock withZone(ZoneId zone) {
                    return this;
                }

                @Override
                public Instant instant() {
                    return Instant.ofEpochSecond(seconds.get());
                }
            };

    private static PasswdEntry account(String password) {
        return new PasswdEntry("joe@a.test", password, "1", "1", "/home/joe", Map.of());
    }

    @Test
    void penaltiesGrowPerAddressAndAreForgotten() {
        var penalties = new Penalties(Duration.ofSeconds(2), clock);
        for (int expected : new int[] {2, 4, 8, 16, 16}) {
            assertEquals(Duration.ofSeconds(expected), penalties.failed("192.0.2.1"));
        }
        assertEquals(Duration.ofSeconds(2), penalties.failed("192.0.2.2"));
        assertEquals(Duration.ofSeconds(2), penalties.failed(""));
        seconds.addAndGet(301);
        assertEquals(Duration.ofSeconds(2), penalties.failed("192.0.2.1"));
        penalties.failed("192.0.2.1");
        penalties.succeeded("192.0.2.1");
        assertEquals(Duration.ofSeconds(2), penalties.failed("192.0.2.1"));
    }

    @Test
    void neighboursInOneIpv6NetworkAreOneClient() {
        var penalties = new Penalties(Duration.ofSeconds(2), clock);
        penalties.failed("2001:db8:1:2:3:4:5:6");
        assertEquals(Duration.ofSeconds(4), penalties.failed("2001:db8:1:2:ffff::1"));
        assertEquals(Duration.ofSeconds(2), penalties.failed("2001:db8:1:3::1"));
    }

    @Test
    void zerosThatAreLeftOutMakeNoOtherNetwork() {
        var penalties = new Penalties(Duration.ofSeconds(2), clock);
        penalties.failed("2001:db8::a:b:c:d");
        assertEquals(Duration.ofSeconds(4), penalties.failed("2001:db8::e:b:c:d"));
        assertEquals(Duration.ofSeconds(8), penalties.failed("2001:db8::1"));
        assertEquals(Duration.ofSeconds(2), penalties.failed("2001:db8:0:1:a:b:c:d"));
        penalties.failed("::ffff:192.0.2.1");
        assertEquals(Duration.ofSeconds(4), penalties.failed("192.0.2.1"));
        penalties.failed("no:address");
        assertEquals(Duration.ofSeconds(4), penalties.failed("no:address"));
    }

    @Test
    void checkedPasswordsAreRememberedForAWhile() {
        var remembered =
                new Remembered(100_000, Duration.ofSeconds(60), Duration.ofSeconds(10), clock);
        remembered.recall(account("{PLAIN}x"), "x", 1);
        remembered.store(account("{PLAIN}x"), "x", true);
        remembered.store(account("{PLAIN}x"), "y", false);
        assertEquals(Optional.of(true), remembered.recall(account("{PLAIN}x"), "x", 1));
        assertEquals(Optional.of(false), remembered.recall(account("{PLAIN}x"), "y", 1));
        assertEquals(Optional.empty(), remembered.recall(account("{PLAIN}new"), "x", 1));
        seconds.addAndGet(11);
        assertEquals(Optional.empty(), remembered.recall(account("{PLAIN}x"), "y", 1));
        assertEquals(Optional.of(true), remembered.recall(account("{PLAIN}x"), "x", 1));
        assertEquals(Optional.empty(), remembered.recall(account("{PLAIN}x"), "x", 2));
    }

    @Test
    void nothingIsRememberedWithoutMemory() {
        var remembered = new Remembered(0, Duration.ofHours(1), Duration.ofHours(1), clock);
        remembered.store(account("{PLAIN}x"), "x", true);
        assertEquals(Optional.empty(), remembered.recall(account("{PLAIN}x"), "x", 0));
    }

    @Test
    void passwdLinesHaveEightFields() {
        var account =
                PasswdFile.parse(
                        "Joe@A.test:{SHA512-CRYPT}$6$x$y:vmail:vmail:Joe, Sr.:/mail/%d/%n:/bin/sh:userdb_mail=maildir:~/Maildir:INDEX=/x nologin");
        assertEquals("joe@a.test", account.name());
        assertEquals("{SHA512-CRYPT}$6$x$y", account.password());
        assertEquals("/mail/a.test/joe", account.filledHome());
        assertEquals("maildir:~/Maildir:INDEX=/x", account.userField("mail"));
        assertEquals("login is disabled", account.objection("192.0.2.1"));
    }
}
