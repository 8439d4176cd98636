// SPDX-License-Identifier: Apache-2.0

package org.postino.machines;

import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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

    /// A Debian in which nothing runs yet, with the package as `/opt/postino.deb`; the test is skipped where there can be none.
    static DebianRoot debian(Path dir, String... packages) throws IOException {
        Optional<String> whyNot = whyNot();
        assumeTrue(whyNot.isEmpty(), whyNot.orElse(""));
        Path built = deb();
        DebianRoot root;
        try {
            root = DebianRoot.create(dir, packages);
        } catch (IOException e) {
            return abort(
                    "no Debian can be made, perhaps no mirror is within reach: " + e.getMessage());
        }
        Files.copy(built, root.path("/opt/postino.deb"));
        return root;
    }

    /// Makes `/opt/next.deb`, a higher version of the package, of which one jar has another name, in a root that was started.
    static void makeNext(DebianRoot root) throws IOException {
        root.sh(
                """
                cd /opt
                dpkg-deb -R postino.deb next
                sed -i 's/^Version: .*/Version: 999.0/' next/DEBIAN/control
                echo '# A later version says more.' >>next/usr/share/postino/master.cf
                mv next/usr/lib/postino/lib/postino-imapd-*.jar next/usr/lib/postino/lib/postino-imapd-999.0.jar
                dpkg-deb -Znone --root-owner-group -b next next.deb >/dev/null
                rm -r next
                """);
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
