// SPDX-License-Identifier: Apache-2.0

package org.postino.postmail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.FakeAuth;

class MailUsersTest {
    private static final int SELF = 61_234;

    @TempDir Path dir;
    private FakeAuth auth;

    @BeforeEach
    void listen() throws IOException {
        auth = new FakeAuth(dir.resolve("auth"), dir.resolve("homes"));
        auth.user("ann", "secret", "uid=" + SELF + "\tgid=" + SELF);
        auth.user("ben", "secret", "uid=" + (SELF + 1) + "\tgid=" + SELF);
    }

    @AfterEach
    void close() throws IOException {
        auth.close();
    }

    private MailUsers of(int uid) {
        return new MailUsers(dir.resolve("auth"), uid);
    }

    @Test
    void nobodyButRootFindsTheMailOfOthers() throws PostmailFailure {
        try (var users = of(SELF)) {
            assertEquals("ann", users.find("ann").name());
            var refused = assertThrows(PostmailFailure.class, () -> users.find("ben"));
            assertEquals(77, refused.status());
        }
        try (var users = of(0)) {
            assertEquals(SELF + 1, users.find("ben").uid());
        }
    }

    @Test
    void rootMustSayWhoseMail() throws PostmailFailure {
        try (var users = of(0)) {
            var failure = assertThrows(PostmailFailure.class, () -> users.names(List.of(), false));
            assertEquals(64, failure.status());
            assertEquals(Set.of("ann", "ben"), users.names(List.of(), true));
            assertEquals(Set.of("ann", "ben"), users.names(List.of("b*", "ann"), false));
        }
    }

    @Test
    void whoRunsTheCommandNeedsNoDatabase() throws IOException, PostmailFailure {
        auth.failing(true);
        try (var users = of(1)) {
            assertEquals(Set.of("daemon"), users.names(List.of(), false));
            assertEquals("daemon", users.find("daemon").name());
            assertEquals(0, auth.lookups());
        }
    }
}
