// SPDX-License-Identifier: Apache-2.0

package org.postino.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postino.config.Config;

class CiphersTest {
    private static final String[] ALL = {
        "TLS_AES_128_GCM_SHA256",
        "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
        "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
        "TLS_DHE_RSA_WITH_AES_256_CBC_SHA256"
    };

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "TLS_AES_256_GCM_SHA384 | TLS_AES_256_GCM_SHA384 | 256",
                "TLS_CHACHA20_POLY1305_SHA256 | TLS_CHACHA20_POLY1305_SHA256 | 256",
                "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 | ECDHE-RSA-AES256-GCM-SHA384 | 256",
                "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256 | ECDHE-ECDSA-AES128-SHA256 | 128",
                "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA | ECDHE-RSA-AES128-SHA | 128",
                "TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256 | DHE-RSA-CHACHA20-POLY1305 | 256",
                "TLS_RSA_WITH_AES_128_CBC_SHA | AES128-SHA | 128",
                "TLS_RSA_WITH_AES_256_GCM_SHA384 | AES256-GCM-SHA384 | 256",
                "TLS_RSA_WITH_3DES_EDE_CBC_SHA | DES-CBC3-SHA | 168",
                "TLS_RSA_WITH_RC4_128_SHA | RC4-SHA | 128",
                "TLS_DH_anon_WITH_AES_128_GCM_SHA256 | ADH-AES128-GCM-SHA256 | 128"
            })
    void suitesHaveTheirNamesInOpenssl(String name, String openssl, int bits) {
        var suite = CipherSuite.of(name);
        assertEquals(openssl, suite.openssl());
        assertEquals(bits, suite.bits());
    }

    @Test
    void ciphersAreExcludedInTheWordsOfOpenssl() throws IOException {
        assertLeft("HIGH", "", 0, 1, 2, 3, 4);
        assertLeft("HIGH", "aNULL, MD5, DES, EXPORT, nonsense", 0, 1, 2, 3, 4);
        assertLeft("HIGH", "aRSA", 0, 2);
        assertLeft("HIGH", "sha1:chacha20", 0, 1, 4);
        assertLeft("HIGH", "DHE+AES256", 0, 1, 2, 3);
        assertLeft("HIGH", "ECDHE-RSA-AES128-GCM-SHA256 DHE-RSA-AES256-SHA256", 0, 2, 3);
        assertLeft("HIGH", "ECDHE-RSA-CHACHA20-POLY1305", 0, 1, 2, 4);
        assertLeft("HIGH", "TLS_AES_128_GCM_SHA256", 1, 2, 3, 4);
    }

    @Test
    void listsChooseAndSortInTheWordsOfOpenssl() throws IOException {
        assertLeft("ECDHE-RSA-CHACHA20-POLY1305:ECDHE-RSA-AES128-GCM-SHA256", "", 0, 3, 1);
        assertLeft("ECDHE+AESGCM:DHE", "", 0, 1, 4);
        assertLeft("ALL:-aRSA:ECDHE", "", 0, 2, 1, 3);
        assertLeft("ALL:!aRSA:ECDHE", "", 0, 2);
        assertLeft("HIGH:+ECDHE", "", 0, 4, 1, 2, 3);
        assertLeft("aNULL:-aNULL:HIGH:MEDIUM:+RC4:@STRENGTH", "", 0, 2, 3, 4, 1);
        assertLeft("kEECDH:+kEECDH+SHA:!SHA1", "", 0, 1, 3);
        assertLeft("TLSv1.2:@SECLEVEL=1", "", 0, 1, 3, 4);
    }

    @Test
    void aListThatLeavesNothingIsAnError() {
        for (var ciphers :
                List.of(
                        new Ciphers("RC4:MD5", ""),
                        new Ciphers("", ""),
                        new Ciphers("HIGH", "HIGH"))) {
            var error = assertThrows(TlsException.class, () -> ciphers.among(ALL));
            assertTrue(String.valueOf(error.getMessage()).startsWith("no cipher is left of \""));
        }
    }

    @Test
    void wordsThatOpensslDoesNotKnowAreFound() {
        assertEquals(
                List.of(),
                CipherList.unknown(
                        "aNULL:-aNULL:HIGH:MEDIUM:+RC4:@STRENGTH:!kRSA:DES-CBC3-SHA:EDH-RSA-DES-CBC3-SHA"
                                + ":ECDHE-ECDSA-AES128-GCM-SHA256 EECDH+CHACHA20, EXP, ADH, CAMELLIA, PSK, SRP, KRB5-DES"
                                + " CBC3-SHA @SECLEVEL=0 aECDH TLS_AES_128_GCM_SHA256 ECDHE-RSA-CHACHA20-POLY1305"));
        assertEquals(
                List.of("HIHG", "!AES-512", "+SHA3"),
                CipherList.unknown("HIHG:!AES-512:+SHA3:aRSA"));
    }

    @Test
    void theUsualListsLeaveAllThatTheMachineHas() throws Exception {
        var config = Config.of(Map.of(), TlsParams.ALL);
        String[] all = SSLContext.getDefault().getSupportedSSLParameters().getCipherSuites();
        for (String grade : List.of("export", "low", "medium", "high")) {
            assertEquals(
                    new TreeSet<>(Set.of(all)),
                    new TreeSet<>(Set.of(Ciphers.of(config, grade, "").among(all))));
        }
    }

    private static void assertLeft(String list, String exclude, int... left) throws IOException {
        var expected = new String[left.length];
        for (int i = 0; i < left.length; i++) {
            expected[i] = ALL[left[i]];
        }
        assertArrayEquals(expected, new Ciphers(list, exclude).among(ALL), list + " " + exclude);
    }
}
