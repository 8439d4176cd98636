// SPDX-License-Identifier: Apache-2.0

package org.postino.auth;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postino.auth.PasswordAnswer.Verdict;
import org.postino.kit.Await;

@Timeout(20)
class BoundedChecksTest {
    private static final PasswordAnswer RIGHT = new PasswordAnswer(Verdict.RIGHT, "");
    private final AtomicBoolean exhausted = new AtomicBoolean();

    private BoundedChecks checks(int limit, Duration timeout) {
        return new BoundedChecks(limit, timeout, () -> exhausted.set(true));
    }

    private static PasswordCheck check() {
        return new PasswordCheck("pam", "postino", "alice", "", new byte[] {1, 2, 3});
    }

    @Test
    void anAnswerComesAndThePasswordIsWiped() {
        var check = check();
        var answer = checks(1, Duration.ofSeconds(10)).run(check, () -> RIGHT);
        assertEquals(RIGHT, answer);
        Await.until("wiped", () -> check.password()[0] == 0);
        assertArrayEquals(new byte[3], check.password());
    }

    @Test
    void aFailureIsUndecided() {
        var checks = checks(1, Duration.ofSeconds(10));
        var answer =
                checks.run(
                        check(),
                        () -> {
                            throw new IOException("no PAM");
                        });
        assertEquals(PasswordAnswer.undecided("no PAM"), answer);
        Await.until(
                "place is free", () -> checks.run(check(), () -> RIGHT).verdict() == Verdict.RIGHT);
    }

    @Test
    void oneThatHangsIsUndecidedAndKeepsNobodyElse() {
        var hang = new CountDownLatch(1);
        var checks = checks(2, Duration.ofMillis(50));
        var answer =
                checks.run(
                        check(),
                        () -> {
                            hang.await();
                            return RIGHT;
                        });
        assertEquals(Verdict.UNDECIDED, answer.verdict());
        assertFalse(exhausted.get());
        Await.until(
                "others go on", () -> checks.run(check(), () -> RIGHT).verdict() == Verdict.RIGHT);
        hang.countDown();
    }

    @Test
    void whenAllHangItIsSaid() {
        var hang = new CountDownLatch(1);
        var checks = checks(1, Duration.ofMillis(50));
        checks.run(
                check(),
                () -> {
                    hang.await();
                    return RIGHT;
                });
        assertTrue(exhausted.get());
        assertEquals(Verdict.UNDECIDED, checks.run(check(), () -> RIGHT).verdict());
        hang.countDown();
        Await.until(
                "place is free", () -> checks.run(check(), () -> RIGHT).verdict() == Verdict.RIGHT);
    }
}
