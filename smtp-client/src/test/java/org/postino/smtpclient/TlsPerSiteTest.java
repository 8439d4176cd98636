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
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The words of smtp_tls_per_site for a destination and for its host make a level.
@Timeout(30)
class TlsPerSiteTest {
    private static final String WITH_TLS = "250-fake.test\r\n250 STARTTLS";

    @TempDir Path dir;
    private Lab lab;
    private FakeSmtp one;

    @BeforeEach
    void start() throws IOException {
        lab = Lab.start(dir);
        one = lab.one();
        lab.dns().mx("single.test", 10, "one.test");
        lab.secure("single.test");
    }

    @AfterEach
    void stop() throws IOException {
        lab.close();
    }

    private String deliver() throws Exception {
        return lab.deliver("single.test", "a@single.test").getFirst();
    }

    /// The level at which mail goes to a server whose certificate nobody knows.
    private String level() throws Exception {
        one.on("EHLO", "250 fake.test");
        boolean clear = deliver().startsWith("sent ");
        one.on("EHLO", WITH_TLS);
        long before = encrypted();
        String result = deliver();
        if (result.startsWith("deferred ")) {
            assertTrue(result.contains("Server certificate not trusted"), result);
            return "verify";
        }
        boolean tls = encrypted() > before;
        return tls ? clear ? "may" : "encrypt" : "none";
    }

    private long encrypted() {
        return one.commands().stream().filter("STARTTLS"::equals).count();
    }

    private static String entry(String key, String word) {
        return word.equals("-") ? "" : "{" + key + "=" + word + "} ";
    }

    @ParameterizedTest
    @CsvSource({
        // main.cf, destination, host, level
        "none, MAY, -, may",
        "none, -, may, may",
        "none, -, MUST_NOPEERMATCH, encrypt",
        "none, MUST, -, verify",
        "none, MAY, MUST_NOPEERMATCH, encrypt",
        "none, MAY, NONE, none",
        "may, NONE, MAY, none",
        "may, NONE, MUST_NOPEERMATCH, encrypt",
        "may, MUST, NONE, verify",
        "may, MUST, MUST_NOPEERMATCH, verify",
        "may, -, -, may",
        "encrypt, MAY, -, encrypt",
        "encrypt, NONE, -, none",
        "encrypt, -, NONE, none",
        "encrypt, MAY, NONE, none",
        "verify, MAY, MAY, verify",
        "verify, -, MUST_NOPEERMATCH, encrypt",
    })
    void theStrongerWordCounts(String usual, String destination, String host, String level)
            throws Exception {
        lab.set("smtp_tls_security_level", usual);
        lab.set(
                "smtp_tls_per_site",
                "inline:{ {x=y} "
                        + entry("single.test", destination)
                        + entry("one.test", host)
                        + "}");
        assertEquals(level, level());
    }

    @Test
    void policyMapsTakeItsPlace() throws Exception {
        lab.set("smtp_tls_per_site", "inline:{ {single.test=MUST} {one.test=MUST} }");
        lab.set("smtp_tls_policy_maps", "inline:{ {other.test=encrypt} }");
        lab.set("smtp_tls_security_level", "may");
        assertEquals("may", level());
    }

    @Test
    void eachHostHasItsOwn() throws Exception {
        lab.dns().mx("two.single.test", 10, "one.test").mx("two.single.test", 20, "two.test");
        lab.set("smtp_tls_per_site", "inline:{ {one.test=MUST_NOPEERMATCH} {two.test=NONE} }");
        one.on("EHLO", "250 fake.test");
        String result = lab.deliver("two.single.test", "a@single.test").getFirst();
        assertTrue(result.startsWith("sent two.test"), result);
    }

    @Test
    void anotherWordOrATableThatCannotBeAskedMakesTheMailWait() throws Exception {
        one.on("EHLO", WITH_TLS);
        String waits = "client TLS configuration problem: TLS per-site table, site ";
        for (String key : List.of("single.test", "one.test")) {
            lab.set("smtp_tls_per_site", "inline:{ {" + key + "=encrypt} }");
            String result = deliver();
            assertTrue(result.startsWith("deferred none 4.7.5 (" + waits), result);
            assertTrue(result.contains("\"" + key + "\": encrypt is none of "), result);
        }
        lab.set("smtp_tls_per_site", "fail:x");
        assertTrue(deliver().startsWith("deferred none 4.3.0 (TLS policy lookup failed: "));
        assertEquals(List.of(), one.messages());
    }
}
