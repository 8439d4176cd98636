// SPDX-License-Identifier: Apache-2.0

package org.postino.machines;

import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.DebianRoot;
import org.postino.kit.Instance;
import org.postino.kit.Tutorial;
import org.postino.kit.TutorialPlayer;

/// Everything that `docs/tutorial.md` says to type does what it says, on a new Debian with the package.
///
/// Needs root, debootstrap, a Debian mirror, and what `packaging/build-deb` needs.
class TutorialTest {
    private static final String HOST = "mail.example.test";
    private static final String[] PACKAGES = {
        "amavisd-new",
        "dnsmasq-base",
        "fail2ban",
        "inetutils-telnet",
        "iproute2",
        "logrotate",
        "opendkim",
        "openssl",
        "procps",
        "rsyslog",
        "ucf"
    };

    @TempDir static Path dir;
    private static @Nullable DebianRoot machine;
    private static boolean lost;

    @TestFactory
    Stream<DynamicTest> theTutorialIsTrue() throws IOException {
        Path text = Instance.root().resolve("docs/tutorial.md");
        var tutorial = Tutorial.read(text);
        Optional<String> obstacle = BuiltPackage.whyNot();
        String reason = obstacle.orElse("");
        assumeTrue(reason.isEmpty(), reason);
        var player = new TutorialPlayer(prepared(BuiltPackage.deb()));
        return tutorial.sections().stream()
                .map(section -> dynamicTest(section.title(), () -> play(player, section)));
    }

    /// Plays a section, unless one before it went wrong.
    private static void play(TutorialPlayer player, Tutorial.Section section) throws IOException {
        assumeTrue(!lost, "a section before this one went wrong");
        lost = true;
        try {
            player.play(section);
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "\n\nthe log:\n" + endOfLog(), e);
        }
        lost = false;
    }

    /// The last lines of the machine's mail log, which tell what it was about.
    private static String endOfLog() throws IOException {
        Path log = dir.resolve("root/var/log/mail.log");
        if (!Files.exists(log)) {
            return "none";
        }
        List<String> lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
    }

    /// A Debian whose services may start, with an address that is not its own network's, a system log, and the package
    /// in root's home.
    private static List<String> prepared(Path deb) throws IOException {
        Path root = dir.resolve("root");
        machine = DebianRoot.create(root, PACKAGES).start(HOST);
        Files.copy(deb, machine.path("/root/" + deb.getFileName()));
        machine.sh(
                "printf '#!/bin/sh\\nexit 0\\n' >/usr/sbin/policy-rc.d; chmod 755 /usr/sbin/policy-rc.d;"
                        + " ip address add 192.0.2.10/32 dev lo; rsyslogd");
        return List.of(
                Instance.root().resolve("tests/debian-root").toString(), "run", root.toString());
    }

    @AfterAll
    static void remove() throws IOException {
        if (machine != null) {
            machine.close();
        }
    }
}
