// SPDX-License-Identifier: Apache-2.0

package org.postino.linux;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/// What programs write until they end.
final class Output {
    private Output() {}

    /// Runs a program to its end.
    ///
    /// @param program the program, given the descriptor on which it is to write
    static String of(Function<NativeFd, ProcessSpawner.Program> program) throws IOException {
        NativeFd.Pair pipe = NativeFd.pipe();
        try (NativeFd from = pipe.first()) {
            int pid;
            try (NativeFd to = pipe.second()) {
                pid = ProcessSpawner.spawn(program.apply(to));
            }
            var all = new ByteArrayOutputStream();
            byte[] buffer = new byte[4096];
            for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
                all.write(buffer, 0, n);
            }
            Processes.await(pid);
            return all.toString(StandardCharsets.UTF_8);
        }
    }
}
