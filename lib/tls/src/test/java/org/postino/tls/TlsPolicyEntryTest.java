// SPDX-License-Identifier: Apache-2.0

package org.postino.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postino.config.ValueException;

class TlsPolicyEntryTest {
    @ParameterizedTest
    @CsvSource({
        "none, NONE",
        "may, MAY",
        "Encrypt, ENCRYPT",
        "DANE, DANE",
        "dane-only, DANE_ONLY",
        "Fingerprint, FINGERPRINT",
        "verify, VERIFY",
        "SECURE, SECURE"
    })
    void levelsAreReadInAnyCase(String word, TlsLevel level) throws Exception {
        assertEquals(level, TlsPolicyEntry.parse(word).level());
        assertEquals(level, TlsLevel.parse(level.word()).orElseThrow());
    }

    @Test
    void attributesAreRead() throws Exception {
        var entry =
                TlsPolicyEntry.parse(
                        "secure match=.mx.test:mx.test match=nexthop, protocols=>=TLSv1.2:!TLSv1.3"
                                + " ciphers=HIGH exclude=aRSA:SHA1 servername=hostname tafile=/etc/a.pem");
        assertEquals(List.of(".mx.test", "mx.test", "nexthop"), entry.match());
        assertEquals(">=TLSv1.2:!TLSv1.3", entry.protocols());
        assertEquals("HIGH", entry.ciphers());
        assertEquals("aRSA:SHA1", entry.exclude());
        assertEquals("hostname", entry.serverName());
        assertEquals(List.of("/etc/a.pem"), entry.anchors());
        assertEquals(
                List.of("aa:bb", "cc"), TlsPolicyEntry.parse("fingerprint match=aa:bb|cc").match());
        assertNull(TlsPolicyEntry.parse("encrypt").protocols());
    }

    @Test
    void whatResolversOfMtaStsAnswerIsRead() throws Exception {
        var entry =
                TlsPolicyEntry.parse(
                        "secure match=mx1.test:.mx.test servername=hostname policy_type=sts"
                                + " policy_domain=a.test { policy_string = version: STSv1 }"
                                + " { policy_string = mode: enforce } mx_host_pattern=mx1.test policy_ttl=86400");
        assertEquals(TlsLevel.SECURE, entry.level());
        assertEquals(List.of("mx1.test", ".mx.test"), entry.match());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '>',
            value = {
                "'' > no security level",
                "encypt > invalid security level \"encypt\"",
                "TLSv1.2 > invalid security level \"TLSv1.2\"",
                "encrypt match=x > attribute \"match\" does not go with security level \"encrypt\"",
                "may match=x > attribute \"match\" does not go with security level \"may\"",
                "fingerprint tafile=/x > attribute \"tafile\" does not go with security level \"fingerprint\"",
                "secure match= > attribute \"match\" has no value",
                "secure match > malformed attribute \"match\": no \"=\"",
                "secure mach=x > unknown attribute \"mach\"",
                "encrypt protocols=TLS1.2 > unknown protocol \"TLS1.2\"",
                "encrypt protocols=TLSv1.2 protocols=TLSv1.3 > attribute \"protocols\" stands there twice",
                "encrypt ciphers=strong > unknown grade of ciphers \"strong\"",
                "encrypt ciphers=null > ciphers of grade null are not supported",
                "encrypt servername=a_b > \"a_b\" is not the name of a server",
                "encrypt { policy_type = sts > a brace is not closed"
            })
    void whatCannotBeHonouredIsAnError(String text, String problem) {
        assertEquals(
                problem,
                assertThrows(ValueException.class, () -> TlsPolicyEntry.parse(text)).getMessage());
    }
}
