// SPDX-License-Identifier: Apache-2.0

package org.postino.sasl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordSchemesTest {

    /// The vectors of the specification "Unix crypt using SHA-256 and SHA-512".
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "$5$saltstring|Hello world!|$5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5",
                "$5$rounds=10000$saltstringsaltstring|Hello world!|$5$rounds=10000$saltstringsaltst$3xv.VbSHBb41AL9AvLeujZkZRBAwqFMz2.opqey6IcA",
                "$5$rounds=5000$toolongsaltstring|This is just a test|$5$rounds=5000$toolongsaltstrin$Un/5jzAHMgOGZ5.mWJpuVolil07guHPvOW8mGRcvxa5",
                "$5$rounds=10$roundstoolow|the minimum number is still observed|$5$rounds=1000$roundstoolow$yfvwcWrQ8l/K0DAWyuPMDNHpIVlTQebY9l/gL972bIC",
                "$6$saltstring|Hello world!|$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1",
                "$6$rounds=10000$saltstringsaltstring|Hello world!|$6$rounds=10000$saltstringsaltst$OW1/O6BYHV6BcXZu8QVeXbDWra3Oeqh0sbHbbMCVNSnCM/UrjmM0Dp8vOuZeHBy/YTBmSK6H9qs/y3RnOaw5v.",
                "$6$rounds=5000$toolongsaltstring|This is just a test|$6$rounds=5000$toolongsaltstrin$lQ8jolhgVRVhY4b5pZKaysCLi0QBxGoNeKQzQ3glMhwllF7oGDZxUhx1yxdYcz/e1JSbq3y6JMxxl8audkUEm0",
            })
    void shaCryptFollowsItsSpecification(String setting, String password, String stored) {
        assertEquals(stored, ShaCrypt.hash(password.getBytes(StandardCharsets.UTF_8), setting));
        assertTrue(PasswordSchemes.verify("{CRYPT}" + stored, password));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "U*U|$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
                "U*U*U|$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a",
                "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789chars after 72 are ignored|$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui",
            })
    void bcryptFollowsOpenwall(String password, String stored) {
        assertTrue(PasswordSchemes.verify("{BLF-CRYPT}" + stored, password));
        assertFalse(PasswordSchemes.verify("{BLF-CRYPT}" + stored, "x" + password));
    }

    /// Made with libxcrypt: the two differ where an octet is above 127.
    @ParameterizedTest
    @CsvSource({
        "grün,$2x$04$abcdefghijklmnopqrstuuv45EWdAqJEBr5RMs0vk5cwlLY4PbFvq",
        "grün,$2y$04$abcdefghijklmnopqrstuuQYEk91mE9jD3s0Fa6l8hqSxfClgS2VO",
        "£££,$2x$04$abcdefghijklmnopqrstuuQ4OogxwvdJOvaZDTI9QFpLbJq9v4Zj6",
    })
    void bcryptOfEveryKindIsVerified(String password, String stored) {
        for (var scheme : new String[] {"", "{CRYPT}", "{BLF-CRYPT}"}) {
            assertTrue(PasswordSchemes.isUsable(scheme + stored), scheme);
            assertTrue(PasswordSchemes.verify(scheme + stored, password), scheme);
            assertFalse(PasswordSchemes.verify(scheme + stored, password + "x"), scheme);
        }
        String slow = stored.replace("$04$", "$31$");
        assertFalse(PasswordSchemes.verify("{CRYPT}" + slow, password), "would take days");
    }

    /// Made with the reference implementation's command, `argon2`.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "password|$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                "password|$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc",
                "password|$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$wWKIMhR9lyDFvRz9YTZweHKfbftvj+qf+YFY4NeBbtA",
            })
    void argon2FollowsItsReference(String password, String stored) {
        assertTrue(PasswordSchemes.verify("{ARGON2ID}" + stored, password));
        assertFalse(PasswordSchemes.verify("{ARGON2ID}" + stored, password + "x"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{PLAIN}secret",
                "{CLEARTEXT}secret",
                "{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=",
                "{SHA1}5en6G6MezRroT3XKqkdPOmY/BfQ=",
                "{SHA.hex}e5e9fa1ba31ecd1ae84f75caaa474f3a663f05f4",
                "{PLAIN-MD5}5ebe2294ecd0e0f08eab7690d2a6ee69",
                "{SHA256}K7gNU3sdo+OL0wNhqoVWhr3g6s1xYv72ol/pe/Unols=",
                "{sha256.b64}K7gNU3sdo+OL0wNhqoVWhr3g6s1xYv72ol/pe/Unols=",
            })
    void plainDigestsMatch(String stored) {
        assertTrue(PasswordSchemes.isUsable(stored));
        assertTrue(PasswordSchemes.verify(stored, "secret"));
        assertFalse(PasswordSchemes.verify(stored, "Secret"));
        assertFalse(PasswordSchemes.verify(stored, ""));
    }

    @ParameterizedTest
    @MethodSource("org.postino.sasl.PasswordSchemes#names")
    void whatIsHashedIsVerified(String scheme) {
        String password = "grün €uro\"\\ {x}";
        String stored = PasswordSchemes.hash(scheme, password);
        assertTrue(stored.startsWith("{" + scheme + "}"));
        assertTrue(PasswordSchemes.isUsable(stored));
        assertTrue(PasswordSchemes.verify(stored, password));
        assertFalse(PasswordSchemes.verify(stored, password + " "));
        assertFalse(PasswordSchemes.verify(stored.substring(0, stored.length() - 3), password));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{CRYPT}$y$j9T$F5Jx5fExrKuPp53xLKQ..1$iLMagHjBvrahXhlULvb9yW5faxBRfc3sREKM24WCe2C",
                "$1$abcdefgh$eKehL.s8tG6zTf8hBtmEF.",
            })
    void theSystemsOwnFormsAreLeftToIt(String stored) {
        assertTrue(PasswordSchemes.isUsable(stored));
        try {
            assertTrue(PasswordSchemes.verify(stored, "geheim"));
            assertFalse(PasswordSchemes.verify(stored, "Geheim"));
        } catch (UncheckedIOException e) {
            Assumptions.abort(e.getMessage());
        }
    }

    @Test
    void saltsDiffer() {
        assertNotEquals(
                PasswordSchemes.hash("SHA512-CRYPT", "x"),
                PasswordSchemes.hash("SHA512-CRYPT", "x"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "{}",
                "{NOSUCH}x",
                "!",
                "*",
                "$6$",
                "$6$rounds=$x$y",
                "$6$rounds=999999999$x$y",
                "{ARGON2ID}$argon2id$",
                "{ARGON2ID}$argon2id$v=19$m=99999999,t=2,p=1$c29tZXNhbHQ$CTFh",
                "{ARGON2ID}$argon2id$v=19$m=$c29tZXNhbHQ$CTFh",
                "{BLF-CRYPT}$2y$99$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui",
                "{SSHA}",
                "{SHA}%%%",
            })
    void damagedFormsMatchNothing(String stored) {
        assertFalse(PasswordSchemes.verify(stored, ""));
        assertFalse(PasswordSchemes.verify(stored, "x"));
    }

    @Test
    void unknownSchemesAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> PasswordSchemes.hash("ROT13", "secret"));
    }
}
