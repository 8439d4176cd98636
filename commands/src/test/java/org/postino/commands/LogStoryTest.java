// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LogStoryTest {
    private static final String LOG =
            """
            Nov 29 10:00:00 mx postino/smtpd[7]: connect from a.example[192.0.2.1]
            Nov 29 10:00:01 mx postino/smtpd[7]: connect from b.example[192.0.2.2]
            Nov 29 10:00:01 mx postino/smtpd[7]: NOQUEUE: reject: RCPT from a.example[192.0.2.1]: 554 5.7.1 no; from=<x@a.example>
            Nov 29 10:00:02 mx postino/smtpd[7]: 4BCDFA1: client=a.example[192.0.2.1]
            Nov 29 10:00:02 mx postino/cleanup[8]: 4BCDFA1: message-id=<1@a.example>
            Nov 29 10:00:03 mx postino/qmgr[9]: 4BCDFA1: from=<x@a.example>, size=300, nrcpt=1 (queue active)
            Nov 29 10:00:03 mx postino/smtpd[7]: disconnect from a.example[192.0.2.1] ehlo=1 commands=1
            Nov 29 10:00:04 mx postino/local[3]: 4BCDFA1: to=<y@mx.test>, relay=local, status=sent (delivered)
            2026-11-29T10:00:04.5+00:00 mx postino/qmgr[9]: 4BCDFA1: removed
            Nov 29 10:00:05 mx postino/qmgr[9]: 4BCDFA12: removed
            Nov 29 10:00:06 mx postino/smtpd[7]: disconnect from b.example[192.0.2.2] commands=0
            not a line of a log
            """;

    private static List<String> story(String what, boolean json, int status)
            throws CommandFailure, IOException {
        return story(LOG, what, json, status);
    }

    private static List<String> story(String lines, String what, boolean json, int status)
            throws CommandFailure, IOException {
        var bytes = new ByteArrayOutputStream();
        var log = new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8));
        var out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        assertEquals(status, new LogStory(what).print(log, out, json));
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void aMessageHasItsSessionAndItsDeliveries() throws Exception {
        assertEquals(
                List.of(
                        "  Nov 29 10:00:00 postino/smtpd: connect from a.example[192.0.2.1]",
                        "* Nov 29 10:00:01 postino/smtpd: NOQUEUE: reject: RCPT from a.example[192.0.2.1]: 554 5.7.1 no; from=<x@a.example>",
                        "  Nov 29 10:00:02 postino/smtpd: 4BCDFA1: client=a.example[192.0.2.1]",
                        "  Nov 29 10:00:02 postino/cleanup: 4BCDFA1: message-id=<1@a.example>",
                        "  Nov 29 10:00:03 postino/qmgr: 4BCDFA1: from=<x@a.example>, size=300, nrcpt=1 (queue active)",
                        "  Nov 29 10:00:03 postino/smtpd: disconnect from a.example[192.0.2.1] ehlo=1 commands=1",
                        "* Nov 29 10:00:04 postino/local: 4BCDFA1: to=<y@mx.test>, relay=local, status=sent (delivered)",
                        "  2026-11-29T10:00:04.5+00:00 postino/qmgr: 4BCDFA1: removed"),
                story("4BCDFA1", false, 0));
    }

    @Test
    void aClientHasItsSessions() throws Exception {
        assertEquals(
                List.of(
                        "{\"time\": \"Nov 29 10:00:01\", \"program\": \"postino/smtpd\", \"pid\": \"7\", \"text\": \"connect from b.example[192.0.2.2]\", \"decides\": false}",
                        "{\"time\": \"Nov 29 10:00:06\", \"program\": \"postino/smtpd\", \"pid\": \"7\", \"text\": \"disconnect from b.example[192.0.2.2] commands=0\", \"decides\": false}"),
                story("192.0.2.2", true, 0));
    }

    @Test
    void ofOthersTheLogSaysNothing() throws Exception {
        assertTrue(story("192.0.2.3", false, 1).isEmpty());
        assertTrue(story("4BCDFA", false, 1).isEmpty());
        assertThrows(CommandFailure.class, () -> new LogStory("x y"));
    }

    /// What postscreen, milters, limits and scanners say belongs to the session.
    @Test
    void aMessageHasAllWhoWereAskedAboutIt() throws Exception {
        String log =
                """
                Nov 29 10:00:00 mx postino/postscreen[7]: CONNECT from [192.0.2.1]:4711 to [192.0.2.9]:25
                Nov 29 10:00:00 mx postino/postscreen[7]: addr 192.0.2.1 listed by domain l.example as 127.0.0.2
                Nov 29 10:00:01 mx postino/postscreen[7]: DNSBL rank 1 for [192.0.2.1]:4711
                Nov 29 10:00:02 mx postino/postscreen[7]: PASS NEW [192.0.2.1]:4711
                Nov 29 10:00:02 mx postino/smtpd[7]: connect from a.example[192.0.2.1]
                Nov 29 10:00:03 mx postino/smtpd[7]: warning: Message delivery request rate limit exceeded: 3 from a.example[192.0.2.1] for service smtp
                Nov 29 10:00:04 mx postino/smtpd[7]: 4BCDFA1: client=a.example[192.0.2.1]
                Nov 29 10:00:05 mx postino/smtpd[7]: warning: connect to Milter service inet:127.0.0.1:8891: Connection refused
                Nov 29 10:00:05 mx postino/smtpd[7]: warning: clamd: connect to 127.0.0.1:3310: Connection refused
                Nov 29 10:00:06 mx postino/smtpd[7]: 4BCDFA1: milter-reject: END-OF-MESSAGE from a.example[192.0.2.1]: 550 5.7.1 no; from=<x@a.example>
                Nov 29 10:00:07 mx postino/smtpd[7]: disconnect from a.example[192.0.2.1] ehlo=1 commands=1
                Nov 29 10:00:08 mx postino/smtpd[7]: warning: of nobody
                """;
        var story = story(log, "4BCDFA1", false, 0);
        assertEquals(11, story.size());
        assertEquals(
                List.of(2, 5, 7, 8, 9),
                IntStream.range(0, 11).filter(i -> story.get(i).startsWith("* ")).boxed().toList());
        assertEquals(story, story(log, "192.0.2.1", false, 0));
    }
}
