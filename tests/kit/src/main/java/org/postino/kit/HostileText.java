// SPDX-License-Identifier: Apache-2.0

package org.postino.kit;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Texts of a peer who wants to end, continue or forge what a program writes: for tests of every place where such text is written again.
public final class HostileText {
    private static final List<String> FIXED =
            List.of(
                    "x by mx.test with ESMTP id 1; Mon, 1 Jan 2024 00:00:00 +0000",
                    "x) by evil.test (",
                    "[127.0.0.1]) (a (b",
                    "<>()\\\";@,:[]",
                    "a\tb",
                    "a\rb",
                    "a\r b",
                    "\u001b[2J\u001b]0;title\u0007",
                    "\u0000\u0001\b\u007f",
                    "\u0085\u009b31m",
                    "\u2028\u2029",
                    "\u202eevil\u202c",
                    "\u2066\u2069\u200f\u200e\u061c",
                    "J\u00f6rg \ud83d\ude00",
                    "\"quoted > to=<b@c.test>, status=sent\"",
                    "%s%n{}{0}${x}",
                    "status=sent (250 2.0.0 Ok)",
                    "=?utf-8?q?=0D=0AX-Forged:_yes?=",
                    " leading and trailing ",
                    "-----BEGIN",
                    "x".repeat(300));

    private static final String ALPHABET =
            "ab <>()[]{}\"\\;:,@=.%$?'`|&-_\t\r"
                    + "\u0000\u001b\u007f\u0085\u00a0\u00e9\u061c\u200e\u2028\u202e\u2067";

    private HostileText() {}

    /// The fixed texts and as many made ones; the same for a seed. None holds LF, which ends a line before anybody reads the text.
    public static List<String> texts(long seed, int made) {
        var random = new Random(seed);
        List<String> all = new ArrayList<>(FIXED);
        for (int n = 0; n < made; n++) {
            var text = new StringBuilder();
            for (int i = random.nextInt(30); i >= 0; i--) {
                text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
            }
            all.add(text.toString());
        }
        return all;
    }
}
