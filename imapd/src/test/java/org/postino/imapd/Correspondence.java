// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Letters that answer each other, in all the ways in which mailers lose track of that; the same ones each time.
final class Correspondence {
    private static final List<String> SUBJECTS =
            List.of(
                    "alpha",
                    "Re: alpha",
                    "Re[2]: alpha",
                    "[list] alpha (fwd)",
                    "[fwd: alpha]",
                    "beta",
                    "re: Beta",
                    "[a] [b] Re: [c] beta",
                    "=?utf-8?q?Gr=C3=BC=C3=9Fe?=",
                    "Re: =?iso-8859-1?q?gr=FC=DFe?=",
                    "gamma  delta",
                    "AW: gamma delta",
                    "");
    private static final List<String> PEOPLE =
            List.of(
                    "ann@x.test",
                    "Bob <b@x.test>",
                    "\"Zoe\" <ann@y.test>",
                    "=?utf-8?q?=C3=84nne?= <m@x.test>",
                    "bob@x.test (Robert)",
                    "ADAM <z@x.test>",
                    "\"\" <empty@x.test>");

    private Correspondence() {}

    static List<byte[]> make(int count) {
        var random = new Random(11);
        var letters = new ArrayList<byte[]>();
        for (int i = 0; i < count; i++) {
            letters.add(letter(random, i, count).getBytes(StandardCharsets.ISO_8859_1));
        }
        return letters;
    }

    private static String letter(Random random, int number, int count) {
        var text = new StringBuilder();
        text.append("From: ").append(any(random, PEOPLE)).append("\r\n");
        if (random.nextInt(4) > 0) {
            text.append("To: ").append(any(random, PEOPLE)).append(", last@x.test\r\n");
        }
        if (random.nextInt(4) == 0) {
            text.append("Cc: ").append(any(random, PEOPLE)).append("\r\n");
        }
        text.append("Date: ")
                .append(1 + random.nextInt(28))
                .append(" Mar 2026 ")
                .append(10 + random.nextInt(10))
                .append(":30:00 ")
                .append(random.nextBoolean() ? "+0000" : "-0730")
                .append("\r\n");
        text.append("Subject: ").append(any(random, SUBJECTS)).append("\r\n");
        if (random.nextInt(10) > 0) {
            // now and then an identifier comes twice
            int own = random.nextInt(12) == 0 ? random.nextInt(count) : number;
            text.append("Message-ID: <").append(own).append("@x.test>\r\n");
        }
        references(random, count, text);
        return text.append("\r\n")
                .append("x".repeat(random.nextInt(300)))
                .append("\r\n")
                .toString();
    }

    private static void references(Random random, int count, StringBuilder text) {
        int kind = random.nextInt(4);
        if (kind == 0) {
            return;
        }
        text.append(kind == 1 ? "In-Reply-To:" : "References:");
        for (int n = 1 + random.nextInt(3); n > 0; n--) {
            // some are answers to what never came
            text.append(" <").append(random.nextInt(count + count / 4)).append("@x.test>");
        }
        text.append("\r\n");
    }

    private static String any(Random random, List<String> of) {
        return of.get(random.nextInt(of.size()));
    }
}
