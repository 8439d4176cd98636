// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class ResponseCodeTest {
    @Test
    void aGoalThatIsPassedIsNone() {
        assertEquals("INPROGRESS (\"a1\" 5 10)", ResponseCode.inProgress("a1", 5, 10).text());
        assertEquals("INPROGRESS (\"a1\" 10 NIL)", ResponseCode.inProgress("a1", 10, 10).text());
    }
}
