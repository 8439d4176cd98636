// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/// What a command that ran within the test left behind.
record Ran(int status, String out, String err) {
    static Ran of(String name, Cli.Body command, String input, String... args) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var io =
                new Cli.Io(
                        name,
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
        int status = Cli.run(io, command, args);
        return new Ran(
                status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    static Ran postconf(String... args) {
        return of("postconf", new Postconf(), "", args);
    }

    static Ran postmap(String input, String... args) {
        return of("postmap", new Postmap(), input, args);
    }

    static Ran postalias(String input, String... args) {
        return of("postalias", new Postalias(), input, args);
    }

    static Ran postuser(String input, String... args) {
        return of("postuser", new Postuser(), input, args);
    }

    static Ran create(String... args) {
        return of("postino create", new CreateInstance(), "", args);
    }

    /// Fails unless the status is 0 and nothing was said on standard error.
    Ran ok() {
        if (status != 0 || !err.isEmpty()) {
            throw new AssertionError("status " + status + "\n" + out + err);
        }
        return this;
    }
}
