// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.FreePort;

/// A request and a client that master meets in one turn of its loop, the request first. It is suspended while they come.
class SameTurnTest {
    @TempDir Path dir;
    private TestSuite suite;
    private int otherPort;

    @BeforeEach
    void create() throws IOException {
        suite = new TestSuite(dir.resolve("mx"));
        otherPort = FreePort.find();
        suite.rows(row(suite.port()), row(otherPort));
    }

    @AfterEach
    void close() throws Exception {
        suite.close();
    }

    private static String row(int port) {
        return "127.0.0.1:" + port + " inet n - n - - smtpd";
    }

    @Test
    void noDaemonIsStartedForAClientWhomTheStopRefuses() throws Exception {
        assertEquals("", suite.start());
        int other;
        try (var client = new TestSuite.Client(otherPort)) {
            other = client.greeting();
        }
        // A daemon that does not end keeps master there, to be asked.
        TestSuite.suspend(other);
        try (var control = together("stop")) {
            suite.awaitLog("terminating on signal 15");
            assertEquals("0", suite.status("smtpd").get(6), "starts");
            TestSuite.resume(other);
            assertEquals(List.of("ok"), control.answer());
        } finally {
            TestSuite.resume(other);
        }
        assertTrue(suite.master().waitFor(30, TimeUnit.SECONDS));
        assertFalse(suite.logged("cannot start"), suite.log().toString());
    }

    @Test
    void noDaemonIsStartedForAClientOfARowThatTheReloadRemoves() throws Exception {
        assertEquals("", suite.start());
        suite.rows(row(otherPort));
        try (var control = together("reload")) {
            assertEquals(List.of("ok"), control.answer());
        }
        assertEquals(0, suite.master().toHandle().children().count());
        assertFalse(suite.logged("cannot start"), suite.log().toString());
    }

    /// Lets master meet a request and a client of the first row in one turn.
    ///
    /// @return the connection of the request
    private TestSuite.Control together(String request) throws Exception {
        long master = suite.master().pid();
        var control = suite.control();
        TestSuite.suspend(master);
        try (var _ = suite.connect()) {
            control.say(request);
        } finally {
            TestSuite.resume(master);
        }
        return control;
    }
}
