// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postino.kit.Command;
import org.postino.kit.DebianRoot;
import org.postino.kit.Instance;

/// The Debian package of this tree, built by `packaging/build-deb` once for all tests.
final class BuiltPackage {
    private static final Duration LONG = Duration.ofMinutes(15);

    private static @Nullable Path deb;

    private BuiltPackage() {}

    /// Why it cannot be built and tried in a Debian of its own here; empty if it can.
    static Optional<String> whyNot() throws IOException {
        for (String tool : List.of("dh", "dpkg-buildpackage", "po2debconf", "fakeroot", "xz")) {
            if (!Command.exists(tool)) {
                return Optional.of(
                        "packaging/build-deb needs " + tool + ", which is not installed");
            }
        }
        return DebianRoot.whyNot();
    }

    /// The package, which the first who asks for it builds.
    ///
    /// @throws IOException it could not be built
    static synchronized Path deb() throws IOException {
        if (deb == null) {
            new Command(Instance.root().resolve("packaging/build-deb").toString())
                    .limit(LONG)
                    .run()
                    .ok();
            try (var files = Files.list(Instance.root().resolve("packaging/target/deb"))) {
                deb =
                        files.filter(p -> p.toString().endsWith(".deb"))
                                .findFirst()
                                .orElseThrow(() -> new IOException("build-deb made no package"));
            }
        }
        return deb;
    }
}
