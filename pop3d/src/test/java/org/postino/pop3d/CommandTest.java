// SPDX-License-Identifier: Apache-2.0

package org.postino.pop3d;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import org.junit.jupiter.api.Test;

final class CommandTest {
    @Test
    void commandsAreReadWithoutRegardToCase() {
        assertEquals(Command.Plain.STAT, Command.parse("stat"));
        assertEquals(new Command.Retr(3), Command.parse("RETR  3 "));
        assertEquals(new Command.Top(1, 0), Command.parse("Top 1 0"));
        assertEquals(Command.Plain.LIST_ALL, Command.parse("LIST "));
        assertEquals(new Command.ListOne(12), Command.parse("LIST 12"));
        assertEquals(new Command.Auth("PLAIN", null), Command.parse("auth plain"));
        assertEquals(new Command.Auth("PLAIN", "="), Command.parse("AUTH PLAIN ="));
        assertEquals(new Command.Unknown("XTND"), Command.parse("xtnd y"));
    }

    @Test
    void aPasswordMayHaveBlanks() {
        assertEquals(new Command.Pass(" two words "), Command.parse("PASS  two words "));
    }

    @Test
    void wrongNumbersAreBad() {
        for (String line :
                new String[] {
                    "RETR", "RETR x", "DELE -1", "TOP 1", "TOP 1 x", "LIST 1 2", "RETR 9999999999"
                }) {
            assertInstanceOf(Command.Bad.class, Command.parse(line), line);
        }
    }

    @Test
    void secretsAreNotPrinted() {
        assertEquals("Pass", Command.parse("PASS secret").toString());
    }
}
