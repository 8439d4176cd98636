// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.postino.kit.Await;
import org.postino.kit.FreePort;

/// The same conversation with imapd and with Dovecot, over messages ordinary and broken.
///
/// Needs Debian's dovecot-imapd and root, for Dovecot changes its uid; it runs below a temporary directory on loopback.
final class DovecotTest {
    private static final int ODD = 300;
    private static final int CORRESPONDENCE = 150;
    private static final Path PROGRAM = Path.of("/usr/sbin/dovecot");
    private static final List<String> ITEMS =
            List.of(
                    "ENVELOPE",
                    "BODYSTRUCTURE",
                    "BODY",
                    "RFC822.SIZE",
                    "INTERNALDATE",
                    "BODY.PEEK[]",
                    "BODY.PEEK[HEADER]",
                    "BODY.PEEK[TEXT]",
                    "BODY.PEEK[1]",
                    "BODY.PEEK[1.MIME]",
                    "BODY.PEEK[1.HEADER]",
                    "BODY.PEEK[1.TEXT]",
                    "BODY.PEEK[2]",
                    "BODY.PEEK[2.HEADER]",
                    "BODY.PEEK[2.MIME]",
                    "BODY.PEEK[2.TEXT]",
                    "BODY.PEEK[2.2]",
                    "BODY.PEEK[9]",
                    "BODY.PEEK[HEADER.FIELDS (From SUBJECT)]",
                    "BODY.PEEK[HEADER.FIELDS.NOT (From to)]",
                    "BODY.PEEK[TEXT]<2.7>",
                    "BODY.PEEK[]<0.10>",
                    "BODY.PEEK[1]<99999.1>",
                    "RFC822.HEADER");

    /// Where we differ and mean to. A part without a type it could have is text/plain (RFC 2045, 5.2), where Dovecot gives
    /// empty words; blanks at the ends of a field are not part of it; the line end before a boundary belongs to the
    /// boundary in a header, too.
    private static final Map<String, List<String>> MEANT =
            Map.of(
                    "20-folded.eml", List.of("ENVELOPE"),
                    "22-empty-values.eml", List.of("BODY", "BODYSTRUCTURE"),
                    "37-ct-garbage.eml", List.of("BODY", "BODYSTRUCTURE"),
                    "41-ct-no-subtype.eml", List.of("BODY", "BODYSTRUCTURE"),
                    "42-ct-slash.eml", List.of("BODY", "BODYSTRUCTURE"),
                    "48-rfc822-empty.eml", List.of("BODY", "BODYSTRUCTURE", "BODY.PEEK[2]"),
                    "62-trailing-space.eml", List.of("ENVELOPE", "BODY", "BODYSTRUCTURE"));

    @Test
    void messagesAndSearchesLookAsInDovecot() throws Exception {
        assumeTrue(Files.isExecutable(PROGRAM), "dovecot is not installed");
        assumeTrue(
                "root".equals(System.getProperty("user.name")), "dovecot needs root to change uid");
        var dir = Files.createTempDirectory("dovecot");
        int port = FreePort.find();
        var process =
                new ProcessBuilder(PROGRAM.toString(), "-F", "-c", configure(dir, port).toString())
                        .redirectErrorStream(true)
                        .redirectOutput(dir.resolve("output").toFile())
                        .start();
        try (var lab = Lab.open()) {
            Await.until("Dovecot answers", () -> answers(port));
            try (var ours = TestClient.login(lab.port());
                    var theirs = TestClient.login(port)) {
                compare(ours, theirs);
                compareOdd(ours, theirs);
                compareOrder(ours, theirs);
            }
        } finally {
            process.destroy();
            process.waitFor(10, TimeUnit.SECONDS);
            try (var all = Files.walk(dir)) {
                for (var path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(path);
                }
            }
        }
    }

    private static boolean answers(int port) throws IOException {
        try (var client = new TestClient(port)) {
            return client.command("NOOP").isOk();
        }
    }

    private static Path configure(Path dir, int port) throws IOException {
        var mail = Files.createDirectories(dir.resolve("mail"));
        int uid = 65534;
        Files.setAttribute(mail, "unix:uid", uid);
        Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxr-xr-x"));
        var text =
                """
                base_dir = DIR/run
                state_dir = DIR/run
                log_path = DIR/log
                protocols = imap
                ssl = no
                disable_plaintext_auth = no
                mail_location = maildir:DIR/mail/%u/Maildir
                first_valid_uid = 1
                first_valid_gid = 1
                passdb {
                  driver = static
                  args = password=secret
                }
                userdb {
                  driver = static
                  args = uid=UID gid=UID home=DIR/mail/%u
                }
                service imap-login {
                  chroot =
                  inet_listener imap {
                    address = 127.0.0.1
                    port = PORT
                  }
                  inet_listener imaps {
                    port = 0
                  }
                }
                service anvil {
                  chroot =
                }
                """;
        return Files.writeString(
                dir.resolve("dovecot.conf"),
                text.replace("DIR", dir.toString())
                        .replace("PORT", "" + port)
                        .replace("UID", "" + uid));
    }

    private static void compare(TestClient ours, TestClient theirs) throws IOException {
        List<Path> corpus;
        try (var files = Files.list(Path.of("src/test/resources/corpus"))) {
            corpus = files.filter(f -> f.toString().endsWith(".eml")).sorted().toList();
        }
        for (var client : List.of(ours, theirs)) {
            client.ok("CREATE corpus");
            for (var file : corpus) {
                var text = Files.readString(file, StandardCharsets.ISO_8859_1);
                client.append(
                        "corpus", text.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            }
            client.ok("SELECT corpus");
        }
        var differences = new ArrayList<String>();
        for (int i = 0; i < corpus.size(); i++) {
            var name = String.valueOf(corpus.get(i).getFileName());
            for (var item : ITEMS) {
                if (!MEANT.getOrDefault(name, List.of()).contains(item)) {
                    compare(
                            ours,
                            theirs,
                            "FETCH " + (i + 1) + " (" + item + ")",
                            name,
                            differences);
                }
            }
        }
        for (var key : Files.readAllLines(Path.of("src/test/resources/searches.txt"))) {
            if (!key.isBlank() && !key.startsWith("#")) {
                var bytes =
                        new String(
                                key.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
                compare(ours, theirs, "SEARCH " + bytes, key, differences);
            }
        }
        assertEquals("", String.join("\n\n", differences));
    }

    private static void compareOrder(TestClient ours, TestClient theirs) throws IOException {
        var messages = Correspondence.make(CORRESPONDENCE);
        for (var client : List.of(ours, theirs)) {
            client.ok("CREATE letters");
            for (byte[] message : messages) {
                client.append("letters", message);
            }
            client.ok("SELECT letters");
        }
        var differences = new ArrayList<String>();
        for (var command : Files.readAllLines(Path.of("src/test/resources/orders.txt"))) {
            if (!command.isBlank() && !command.startsWith("#")) {
                compare(ours, theirs, command, "", differences);
            }
        }
        assertEquals("", String.join("\n\n", differences));
    }

    private static void compareOdd(TestClient ours, TestClient theirs) throws IOException {
        var messages = OddMessages.make(ODD);
        for (var client : List.of(ours, theirs)) {
            client.ok("CREATE odd");
            for (byte[] message : messages) {
                client.append("odd", message);
            }
            client.ok("SELECT odd");
        }
        var differences = new ArrayList<String>();
        for (int i = 0; i < messages.size(); i++) {
            var text = new String(messages.get(i), StandardCharsets.ISO_8859_1);
            compare(
                    ours,
                    theirs,
                    "FETCH " + (i + 1) + " (ENVELOPE BODYSTRUCTURE)",
                    text,
                    differences);
        }
        assertEquals("", String.join("\n\n", differences));
    }

    private static void compare(
            TestClient ours,
            TestClient theirs,
            String command,
            String about,
            List<String> differences)
            throws IOException {
        var a = ours.command(command);
        var b = theirs.command(command);
        var expected = b.untagged().stream().map(TestClient::tokens).toList();
        var found = a.untagged().stream().map(TestClient::tokens).toList();
        if (!found.equals(expected) || a.isOk() != b.isOk()) {
            differences.add(
                    about
                            + " "
                            + command
                            + "\n  ours    "
                            + a.responses()
                            + "\n  Dovecot "
                            + b.responses());
        }
    }
}
