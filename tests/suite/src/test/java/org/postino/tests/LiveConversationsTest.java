// SPDX-License-Identifier: Apache-2.0

package org.postino.tests;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.postino.kit.Conversations;
import org.postino.kit.Instance;

/// The modules' own conversation files, played against real processes.
///
/// Nearly each file of smtpd wants other settings, which costs the start of several daemons: every third of them is played, in the
/// order of their names, and all with `-Dpostino.conversations=all`. Their module plays them all.
class LiveConversationsTest {
    /// What only a stand-in for auth(8) or qmgr(8) can do: fail on demand, have mail.
    private static final Set<String> NEED_A_FAKE =
            Set.of("authdown.txt", "auth-down.txt", "etrn-queue.txt");

    /// A file that wants TLS says `tls: yes`.
    private static final List<String> NO_TLS = List.of("smtpd_tls_chain_files =");

    private static final List<String> SMTPD =
            List.of(
                    "myhostname = mx.test",
                    "mydomain = test",
                    "myorigin = $myhostname",
                    "mydestination = mx.test, local.test",
                    "mynetworks = 10.9.0.0/16",
                    "local_recipient_maps = inline:{alice=1, bob=1}",
                    "alias_maps =",
                    "recipient_delimiter = +",
                    "smtpd_tls_security_level = none",
                    "smtpd_error_sleep_time = 0");

    @TempDir static Path dir;
    private static Instance instance;
    private static LiveStage.Scene scene;

    @BeforeAll
    static void start() throws IOException {
        instance = Instance.create(dir.resolve("mx")).start();
        scene = new LiveStage.Scene(instance);
    }

    @AfterAll
    static void stop() throws IOException {
        instance.close();
    }

    @TestFactory
    Stream<DynamicTest> smtpd() throws IOException {
        int step = System.getProperty("postino.conversations", "").equals("all") ? 1 : 3;
        List<DynamicTest> all =
                play("smtpd/src/test/resources/conversations", 25, "pw", "pw", SMTPD).toList();
        return IntStream.range(0, all.size()).filter(i -> i % step == 0).mapToObj(all::get);
    }

    @TestFactory
    Stream<DynamicTest> imapd() throws IOException {
        return play("imapd/src/test/conversations", 143, "sesame", "secret", NO_TLS);
    }

    @TestFactory
    Stream<DynamicTest> pop3d() throws IOException {
        return play("pop3d/src/test/conversations", 110, "sesame", "secret", NO_TLS);
    }

    private static Stream<DynamicTest> play(
            String directory, int port, String alice, String bob, List<String> settings)
            throws IOException {
        return Conversations.tests(
                        Instance.root().resolve(directory),
                        () ->
                                new LiveStage(
                                        scene, port, Map.of("alice", alice, "bob", bob), settings))
                .filter(test -> !NEED_A_FAKE.contains(test.getDisplayName()));
    }
}
