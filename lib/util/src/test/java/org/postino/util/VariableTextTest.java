// SPDX-License-Identifier: Apache-2.0

package org.postino.util;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The values are those that Dovecot 2.3.19 gave for the same texts.
final class VariableTextTest {
    private static final Map<Character, String> VARIABLES =
            Map.of('u', "user", 'n', "username", 'd', "domain", 'i', "uid");

    private static String print(String text) {
        var values =
                Map.of(
                        'u',
                        "bob.jones@example.com",
                        'n',
                        "bob.jones",
                        'd',
                        "example.com",
                        'i',
                        "1234567");
        return VariableText.parse(text, VARIABLES).print(c -> values.getOrDefault(c, ""));
    }

    @ParameterizedTest
    @CsvSource({
        "%u, bob.jones@example.com",
        "/home/%d/%n, /home/example.com/bob.jones",
        "%1n, b",
        "%1.1n, o",
        "%-1.1n, s",
        "%-2n, bo",
        "%-3.2n, ne",
        "%1.-2n, ob.jon",
        "%04n, bob.jones",
        "%02.1n, b",
        "%0.2n, bo",
        "%32.3u, ''",
        "%2.256Nu, ae",
        "%16Hu, d",
        "%2.16Hu, 0d",
        "%Hu, 51be38d",
        "%Nu, 4a9d38ae",
        "%Mu, e4fad4e14a9d38aed38ea3383946ead7",
        "%Ru, moc.elpmaxe@senoj.bob",
        "%LUd, EXAMPLE.COM",
        "%DLd, 'example,dc=com'",
        "%Xu, 0",
        "%Xi, 12d687",
        "%08Xi, 0012d687",
        "%2Xi, 12",
        "%%u, %u",
        "%{user}/x, bob.jones@example.com/x"
    })
    void variablesAreDovecots(String text, String expected) {
        assertEquals(expected, print(text));
    }

    @ParameterizedTest
    @CsvSource({"%x", "%", "a%12", "%{user", "%{}", "%{nobody}", "%Lx", "%1.u%é"})
    void whatIsNoVariableIsAProblem(String text) {
        assertThrows(
                IllegalArgumentException.class, () -> VariableText.parse(text, VARIABLES), text);
        assertTrue(VariableText.problem(text, VARIABLES).isPresent());
    }

    @Test
    void theKnownOnesAreNamed() {
        assertEquals(
                "unknown variable \"%Lx\"; known are: %d, %i, %n, %u",
                VariableText.problem("a%Lxb", VARIABLES).orElseThrow());
    }

    @Test
    void aTextKnowsItsVariables() {
        var text = VariableText.parse("%08Xi.%u %%n", VARIABLES);
        assertTrue(text.has('i'));
        assertFalse(text.has('n'));
    }

    @Test
    void widthsOfAnySizeAreTaken() {
        assertEquals("bob.jones", print("%99999999999999999999n"));
    }
}
