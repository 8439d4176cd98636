// SPDX-License-Identifier: Apache-2.0

package org.postino.smtp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class StatusTextTest {
    private static final EnhancedStatus STATUS = new EnhancedStatus(5, 7, 1);

    @Test
    void aStatusInFrontIsTakenOff() {
        assertEquals(new StatusText(STATUS, "go away"), StatusText.of("5.7.1  go away"));
        assertEquals(new StatusText(STATUS, "go away"), StatusText.of("5.7.1\tgo away"));
        assertEquals(new StatusText(STATUS, ""), StatusText.of("5.7.1"));
    }

    @Test
    void otherTextsStayAsTheyAre() {
        for (String text : new String[] {"", " ", "no 5.7.1", "5.7.1, no", "1.2.3 x", " 5.7.1 x"}) {
            assertEquals(new StatusText(null, text), StatusText.of(text));
        }
    }

    @Test
    void anotherStatusStandsInForAMissingOne() {
        assertEquals(STATUS, StatusText.of("go away").statusOr(STATUS));
        assertEquals(new EnhancedStatus(4, 2, 1), StatusText.of("4.2.1 x").statusOr(STATUS));
    }
}
