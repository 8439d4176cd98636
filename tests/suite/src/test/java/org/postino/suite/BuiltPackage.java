// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.postino.kit.Command;
import org.postino.kit.Instance;

/// The Debian package of this tree, built by `packaging/build-deb` when there is none that is newer than the image.
final class BuiltPackage {
    private static final Duration LONG = Duration.ofMinutes(15);

    private BuiltPackage() {}

    /// Why it is not to be built here; empty if it is. Takes minutes and a mirror of Debian: only where it is asked for.
    static Optional<String> whyNot() {
        if (System.getenv("POSTINO_DEBIAN_TESTS") == null) {
            return Optional.of(
                    "set POSTINO_DEBIAN_TESTS=yes to try the package in a Debian of its own");
        }
        return Command.exists("dh") ? Optional.empty() : Optional.of("debhelper is not installed");
    }

    /// @throws IOException it could not be built
    static Path deb() throws IOException {
        Path archive = Instance.imageDirectory().resolve("lib/postino.jsa");
        Optional<Path> before = found();
        if (before.isPresent()
                && Files.getLastModifiedTime(before.get())
                                .compareTo(Files.getLastModifiedTime(archive))
                        > 0) {
            return before.get();
        }
        new Command(Instance.root().resolve("packaging/build-deb").toString())
                .limit(LONG)
                .run()
                .ok();
        return found().orElseThrow(() -> new IOException("build-deb made no package"));
    }

    private static Optional<Path> found() throws IOException {
        Path debs = Instance.root().resolve("packaging/target/deb");
        if (!Files.isDirectory(debs)) {
            return Optional.empty();
        }
        try (var files = Files.list(debs)) {
            return files.filter(p -> p.toString().endsWith(".deb")).findFirst();
        }
    }
}
