// SPDX-License-Identifier: Apache-2.0

package org.postino.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class MasterCfTest {
    private static MasterCf parse(String text) {
        return MasterCf.parse("master.cf", text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void optionsEndAtTheFirstWordThatIsNone() throws Exception {
        var row =
                MasterCf.row(
                        "x unix - n n - - pipe -o a=b user=u argv=/usr/sbin/sendmail -oi -o c=d",
                        1);
        assertEquals(List.of("a=b"), row.overrides());
        assertEquals(2, row.optionCount());
        assertEquals(7, row.args().size());
        assertEquals(List.of(), MasterCf.row("x unix - n n - - pipe -- -oi", 1).overrides());
    }

    @Test
    void dashesAreDefaults() {
        var row = parse("a unix - - - - - prog\n").rows().getFirst();
        assertTrue(row.isPrivate());
        assertTrue(row.unprivileged());
        assertFalse(row.chroot());
        assertEquals(0, row.wakeup());
        assertEquals(OptionalInt.empty(), row.maxproc());
        assertFalse(parse("25 inet - - - - - smtpd\n").rows().getFirst().isPrivate());
    }

    @Test
    void allFieldsAreRead() {
        var row =
                parse(
                                "[::1]:smtp inet n n y 60? 0 smtpd -v -o a=b\n  -o { c = d  e } -oz=1 {x y}\n")
                        .rows()
                        .getFirst();
        assertEquals("::1", row.host());
        assertEquals("smtp", row.port());
        assertEquals(60, row.wakeup());
        assertTrue(row.wakeupOnlyAfterUse());
        assertEquals(OptionalInt.of(0), row.maxproc());
        assertEquals(List.of("a=b", "c=d  e", "z=1"), row.overrides());
        assertEquals(List.of("-v", "-o", "a=b", "-o", "c = d  e", "-oz=1", "x y"), row.args());
        assertEquals(1, row.line());
    }

    @Test
    void theLastOfTwoRowsWins() {
        var rows = parse("a unix - - - - - one\nb unix - - - - - x\na unix - - - - - two\n").rows();
        assertEquals(List.of("two", "x"), rows.stream().map(MasterCf.Row::program).toList());
    }

    @Test
    void everyBadRowIsReported() {
        var problems =
                parse(
                                """
                                a unix n
                                b tcp - - - - - x
                                c unix yes - - - - x
                                d unix - - - soon - x
                                e unix - - - - many x
                                f inet y - - - - x
                                70000 inet n - - - - x
                                g unix - - - - - x -o
                                h unix - - - - - x {a
                                """)
                        .problems();
        assertEquals(
                List.of(1, 2, 3, 4, 5, 6, 7, 8, 9), problems.stream().map(Problem::line).toList());
        assertTrue(problems.get(1).text().contains("inet, unix, unix-dgram, fifo or pass"));
        assertTrue(problems.get(3).text().contains("wakeup"));
    }
}
