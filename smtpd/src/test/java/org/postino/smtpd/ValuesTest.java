// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postino.smtp.Verb;

final class ValuesTest {
    @ParameterizedTest
    @CsvSource({
        "::1, ::1",
        "::, ::",
        "2001:db8:0:0:0:0:0:1, 2001:db8::1",
        "2001:db8:0:1:0:0:0:1, 2001:db8:0:1::1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "2001:db8::1:0:0:1, 2001:db8::1:0:0:1",
        "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8",
        "fe80:0:1:2:3:4:5:6, fe80:0:1:2:3:4:5:6",
        "1:0:0:0:0:0:0:0, 1::",
        "192.0.2.1, 192.0.2.1",
    })
    void addressesArePrintedInTheirShortestForm(String address, String printed)
            throws UnknownHostException {
        assertEquals(printed, Client.text(InetAddress.getByName(address)));
    }

    @Test
    void countersShowSuccessesAndTotals() {
        var counters = new Counters();
        assertEquals(" commands=0/0", counters.toString());
        counters.began(Verb.RCPT);
        counters.succeeded(Verb.RCPT);
        counters.began(Verb.RCPT);
        counters.began(Verb.EHLO);
        counters.succeeded(Verb.EHLO);
        assertEquals(" ehlo=1 rcpt=1/2 commands=2/3", counters.toString());
    }

    @Test
    void namesAndAddressesOfHostsAreTold() {
        for (String name : new String[] {"a", "a.b-c.test", "x_y.test", "1a"}) {
            assertEquals(true, HostSyntax.isHostname(name), name);
        }
        for (String name : new String[] {"", "a..b", "-a.test", "a-.test", "a b", "1.2.3", "a."}) {
            assertEquals(false, HostSyntax.isHostname(name), name);
        }
    }
}
