// SPDX-License-Identifier: Apache-2.0

package org.postino.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.Command;
import org.postino.kit.Instance;

/// Clients that others wrote.
class ForeignClientsTest {
    @TempDir Path dir;
    private Instance mx;

    @BeforeEach
    void start() throws IOException {
        mx = Instance.create(dir.resolve("mx"));
        mx.user("bob@mx.test", "secret").start();
    }

    @AfterEach
    void stop() throws IOException {
        mx.close();
    }

    @Test
    void pythonsMailLibrariesSendAndRead() throws IOException {
        assumeTrue(Command.exists("python3"), "python3 is not installed");
        Path script = Instance.root().resolve("tests/suite/src/test/resources/clients.py");
        Command.Result result =
                new Command(
                                "python3",
                                script.toString(),
                                "" + mx.port(25),
                                "" + mx.port(465),
                                "" + mx.port(143),
                                "" + mx.port(993),
                                "" + mx.port(110),
                                "" + mx.port(995))
                        .run();
        assertEquals(
                0, result.status(), result.err() + result.out() + String.join("\n", mx.logLines()));
        assertTrue(result.out().contains("all well"), result.out());
    }

    @Test
    void curlSendsAndReads() throws IOException {
        assumeTrue(Command.exists("curl"), "curl is not installed");
        Path letter = Files.writeString(dir.resolve("letter"), "Subject: by curl\r\n\r\ntext\r\n");
        curl(
                "--url",
                "smtp://127.0.0.1:" + mx.port(25) + "/client.test",
                "--mail-from",
                "bob@mx.test",
                "--mail-rcpt",
                "bob@mx.test",
                "--upload-file",
                letter.toString());
        curl(
                "--insecure",
                "--url",
                "smtps://127.0.0.1:" + mx.port(465) + "/client.test",
                "--user",
                "bob@mx.test:secret",
                "--mail-from",
                "bob@mx.test",
                "--mail-rcpt",
                "bob@mx.test",
                "--upload-file",
                letter.toString());
        mx.awaitEmptyQueue();
        String user = "bob@mx.test:secret";
        String imap =
                curl("--user", user, "imap://127.0.0.1:" + mx.port(143) + "/INBOX;MAILINDEX=1");
        assertTrue(imap.contains("Subject: by curl"), imap);
        String imaps =
                curl(
                        "--insecure",
                        "--user",
                        user,
                        "imaps://127.0.0.1:" + mx.port(993) + "/INBOX;MAILINDEX=2");
        assertTrue(imaps.contains("Subject: by curl"), imaps);
        String pop = curl("--user", user, "pop3://127.0.0.1:" + mx.port(110) + "/1");
        assertTrue(pop.contains("Subject: by curl"), pop);
        String pops =
                curl("--insecure", "--user", user, "pop3s://127.0.0.1:" + mx.port(995) + "/2");
        assertTrue(pops.contains("Subject: by curl"), pops);
    }

    @Test
    void swaksLogsInOverStartTls() throws IOException {
        assumeTrue(Command.exists("swaks"), "swaks is not installed");
        Command.Result result =
                new Command(
                                "swaks",
                                "--server",
                                "127.0.0.1",
                                "--port",
                                "" + mx.port(587),
                                "--tls",
                                "--auth",
                                "LOGIN",
                                "--auth-user",
                                "bob@mx.test",
                                "--auth-password",
                                "secret",
                                "--from",
                                "bob@mx.test",
                                "--to",
                                "bob@mx.test",
                                "--helo",
                                "client.test")
                        .run();
        assumeTrue(
                !result.err().contains("Net::SSLeay"),
                "swaks has no TLS here: libnet-ssleay-perl is not installed");
        assertEquals(0, result.status(), result.out() + result.err());
        mx.awaitEmptyQueue();
        assertEquals(1, mx.inbox("bob@mx.test").size());
    }

    private static String curl(String... arguments) throws IOException {
        var words = new String[arguments.length + 4];
        words[0] = "curl";
        words[1] = "--silent";
        words[2] = "--show-error";
        words[3] = "-m60";
        System.arraycopy(arguments, 0, words, 4, arguments.length);
        return new Command(words).run().ok().out();
    }
}
