// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postino.config.ConfigException;
import org.postino.config.Problem;

class AuthRowsTest {
    private static final String AUTH = "auth unix - - n - - auth\n";
    private static final String WORKER = "auth-worker unix - n n - - auth-worker\n";

    @TempDir Path dir;

    private List<String> problems(String main, String rows) throws IOException {
        Files.writeString(dir.resolve("main.cf"), "compatibility_level = 3.11\n" + main + "\n");
        Files.writeString(dir.resolve("master.cf"), rows);
        try {
            Plan.load(dir);
            return List.of();
        } catch (ConfigException e) {
            return e.problems().stream().map(Problem::text).toList();
        }
    }

    @Test
    void wordsThatNameNoDatabaseAreTold() throws IOException {
        assertEquals(
                List.of(
                        "parameter auth_passdb: unknown database \"pan\"; known are: passwd-file, pam, pam:SERVICE, shadow"),
                problems("auth_passdb = pan", AUTH));
        assertEquals(
                List.of(
                        "parameter auth_userdb: unknown database \"ldap\"; known are: passwd-file, passwd"),
                problems("auth_userdb = passwd ldap", AUTH));
        assertEquals(
                List.of(
                        "parameter auth_mechanisms: unknown mechanism \"scram\"; known are: plain, login, apop"),
                problems("auth_mechanisms = PLAIN, scram", AUTH));
        assertEquals(
                List.of(
                        "parameter auth_username_format: unknown variable \"%z\"; known are: %u, %n, %d"),
                problems("auth_username_format = %Ln%%%z", AUTH));
        assertEquals(1, problems("auth_passdb = pam:../x", AUTH + WORKER).size());
        assertEquals(
                List.of(), problems("auth_passdb = pam:imap, shadow, passwd-file", AUTH + WORKER));
    }

    @Test
    void whatAuthAsksMustHaveARow() throws IOException {
        assertEquals(
                List.of("auth_passdb wants another row: auth-worker unix - n n - - auth-worker"),
                problems("auth_passdb = pam", AUTH));
        assertEquals(List.of(), problems("auth_passdb = pam", AUTH + WORKER));
        assertEquals(List.of(), problems("", AUTH));
        // A file of Postfix has neither.
        assertEquals(List.of(), problems("auth_passdb = pam", "pickup unix n - n 60 1 pickup\n"));
    }
}
