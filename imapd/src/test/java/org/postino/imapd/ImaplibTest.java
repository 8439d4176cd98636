// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Python's imaplib as a client that we did not write.
final class ImaplibTest {
    private static final String SCRIPT =
            """
            import imaplib, sys
            m = imaplib.IMAP4('127.0.0.1', int(sys.argv[1]))
            m.login('bob', 'secret')
            assert m.create('Work')[0] == 'OK'
            text = b'From: a@b.test\\r\\nSubject: hello\\r\\n\\r\\nbody\\r\\n'
            for i in range(3):
                assert m.append('Work', '(\\\\Flagged)', imaplib.Time2Internaldate(1600000000), text)[0] == 'OK'
            assert m.select('Work') == ('OK', [b'3'])
            ok, data = m.fetch('1:3', '(UID FLAGS RFC822.SIZE BODY.PEEK[])')
            assert ok == 'OK' and data[0][1] == text, data
            assert m.search(None, 'SUBJECT', 'HELLO') == ('OK', [b'1 2 3'])
            assert m.store('2', '+FLAGS', '(\\\\Deleted)')[0] == 'OK'
            assert m.expunge() == ('OK', [b'2'])
            assert m.uid('SEARCH', 'ALL') == ('OK', [b'1 3'])
            assert m.copy('1', 'INBOX')[0] == 'OK'
            assert m.close()[0] == 'OK'
            assert m.delete('Work')[0] == 'OK'
            assert m.logout()[0] == 'BYE'
            print('fine')
            """;

    @Test
    void imaplibReadsAndWrites() throws Exception {
        assumeTrue(pythonIsThere(), "python3 is not installed");
        try (var lab = Lab.open()) {
            var process =
                    new ProcessBuilder("python3", "-c", SCRIPT, "" + lab.port())
                            .redirectErrorStream(true)
                            .start();
            var output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor(20, TimeUnit.SECONDS);
            assertEquals("fine", output.strip());
        }
    }

    private static boolean pythonIsThere() throws InterruptedException {
        try {
            return new ProcessBuilder("python3", "-c", "import imaplib").start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
