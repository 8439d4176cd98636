// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpclient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.queue.Envelope;

/// The commands that tell a content filter who brought a message to us.
class XforwardTest {
    private static final String ALL = "XFORWARD NAME ADDR PROTO HELO SOURCE PORT IDENT";

    @TempDir Path dir;
    private Lab lab;
    private FakeSmtp filter;

    @BeforeEach
    void start() throws IOException {
        lab = Lab.start(dir);
        lab.set("smtp_send_xforward_command", "yes");
        filter = lab.one();
        filter.on("XFORWARD", "250 2.0.0 Ok");
        announce(ALL);
        lab.attribute(Envelope.CLIENT_NAME, "far.test");
        lab.attribute(Envelope.CLIENT_ADDRESS, "192.0.2.1");
        lab.attribute(Envelope.CLIENT_PORT, "4711");
        lab.attribute(Envelope.PROTOCOL_NAME, "ESMTP");
        lab.attribute(Envelope.HELO_NAME, "h e=lo+");
    }

    @AfterEach
    void stop() throws IOException {
        lab.close();
    }

    private void announce(String... keywords) {
        filter.on(
                "EHLO",
                "250-fake.test\r\n250-" + String.join("\r\n250-", keywords) + "\r\n250 DSN");
    }

    /// What the filter is told before MAIL.
    private List<String> told() throws Exception {
        int before = filter.commands().size();
        assertTrue(lab.deliver("dest.test", "a@dest.test").getFirst().startsWith("sent "));
        List<String> commands = filter.commands().subList(before, filter.commands().size());
        return commands.stream().filter(c -> c.startsWith("XFORWARD")).toList();
    }

    @Test
    void aFilterIsToldOfTheClient() throws Exception {
        var expected =
                List.of(
                        "XFORWARD NAME=far.test ADDR=192.0.2.1 PORT=4711",
                        "XFORWARD PROTO=ESMTP HELO=h+20e+3Dlo+2B IDENT=4F00012345 SOURCE=REMOTE");
        assertEquals(expected, told());
        announce("PIPELINING", ALL);
        assertEquals(expected, told());
    }

    @Test
    void whatIsNotKnownOrNotAskedForIsLeftOut() throws Exception {
        lab.attribute(Envelope.CLIENT_NAME, "unknown");
        lab.attribute(Envelope.CLIENT_ADDRESS, "2001:db8::1");
        lab.attribute(Envelope.REWRITE, Envelope.LOCAL);
        announce("XFORWARD NAME ADDR SOURCE");
        assertEquals(List.of("XFORWARD ADDR=IPV6:2001:db8::1", "XFORWARD SOURCE=LOCAL"), told());
        announce("XFORWARD");
        assertEquals(List.of(), told());
        announce("SIZE");
        assertEquals(List.of(), told());
        announce(ALL);
        lab.set("smtp_send_xforward_command", "no");
        assertEquals(List.of(), told());
    }

    /// The LMTP client has parameters of its own.
    @Test
    void aFilterBehindLmtpIsToldIfLmtpSaysSo() throws Exception {
        filter.lmtp().on("LHLO", "250-fake.test\r\n250 XFORWARD ADDR");
        assertEquals(List.of(), toldByLmtp());
        lab.set("lmtp_send_xforward_command", "yes");
        assertEquals(List.of("XFORWARD ADDR=192.0.2.1"), toldByLmtp());
    }

    private List<String> toldByLmtp() throws Exception {
        int before = filter.commands().size();
        String place = "inet:127.0.0.21:" + filter.port();
        assertTrue(lab.by(lab.agent(true), place, "a@dest.test").getFirst().startsWith("sent "));
        List<String> commands = filter.commands().subList(before, filter.commands().size());
        return commands.stream().filter(c -> c.startsWith("XFORWARD")).toList();
    }

    /// Of several filters each learns of the first client.
    @Test
    void whatAnotherFilterToldIsPassedOn() throws Exception {
        lab.attribute(Envelope.LOG_CLIENT_ADDRESS, "192.0.2.7");
        lab.attribute(Envelope.LOG_IDENT, "ABC");
        assertEquals(
                List.of("XFORWARD ADDR=192.0.2.7", "XFORWARD IDENT=ABC SOURCE=REMOTE"), told());
    }

    @Test
    void aFilterThatDoesNotWantToKnowGetsTheMessage() throws Exception {
        filter.on("XFORWARD", "550 5.7.0 insufficient authorization");
        assertEquals(2, told().size());
        announce("PIPELINING", ALL);
        assertEquals(2, told().size());
        assertEquals(2, filter.messages().size());
    }
}
