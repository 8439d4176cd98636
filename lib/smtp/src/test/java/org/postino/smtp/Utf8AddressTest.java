// SPDX-License-Identifier: Apache-2.0

package org.postino.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Utf8AddressTest {
    @Test
    void whatMayNotStandThereIsEmbedded() {
        assertEquals("j\\x{F6}rg\\x{2B}x@x.test", Utf8Address.sevenBit("j\u00f6rg+x@x.test"));
        assertEquals("j\u00f6rg\\x{2B}x@x.test", Utf8Address.eightBit("j\u00f6rg+x@x.test"));
        assertEquals("\"a\\x{20}b\"@x.test", Utf8Address.eightBit("\"a b\"@x.test"));
        assertEquals("\\x{1F600}", Utf8Address.sevenBit("\ud83d\ude00"));
        assertEquals("a\\x{5C}b", Utf8Address.eightBit("a\\b"));
        assertEquals("a\\x{F6}b\\x{FC}", Utf8Address.sevenBit("a\\x{F6}b\u00fc"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a@x.test", "\u00fc@x.test", "a\\x{2B}b", "\\x{1F600}", "\\x{10FFFF}"})
    void goodOnesAreTaken(String text) {
        assertTrue(Utf8Address.isValid(text), text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a+b",
                "a=b",
                "a b",
                "\\",
                "\\x{",
                "\\x{}",
                "\\x{A}",
                "\\x{0D}",
                "\\x{f6}",
                "\\x{110000}",
                "\\x{DFFF}",
                "a\u0085b",
                "\\y{20}"
            })
    void badOnesAreNot(String text) {
        assertFalse(Utf8Address.isValid(text), text);
    }
}
