// SPDX-License-Identifier: Apache-2.0

package org.postino.pop3d;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postino.linux.Processes;

/// One Maildir, shown to clients by Dovecot's own pop3 and then by us: they must not notice. Skipped where Dovecot is not installed.
final class DovecotTest {
    private static final Path POP3 = Path.of("/usr/lib/dovecot/pop3");
    private static final String VALIDITY = "1795324037";

    private Path dir = Path.of("/nonexistent");

    @BeforeEach
    void prepare() throws IOException {
        assumeTrue(Files.isExecutable(POP3), "dovecot-pop3d is not installed");
        dir = Files.createTempDirectory("dovecot");
        Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    @AfterEach
    void clean() throws IOException {
        if (!Files.isDirectory(dir)) {
            return;
        }
        try (Stream<Path> all = Files.walk(dir)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    /// A logged-in session.
    private interface Session extends Closeable {
        String line() throws IOException;

        void say(String command) throws IOException;

        default List<String> ask(String command) throws IOException {
            say(command);
            String first = line();
            var lines = new ArrayList<>(List.of(first));
            assertTrue(first.startsWith("+OK"), command + ": " + first);
            for (String line = line(); !line.equals("."); line = line()) {
                lines.add(line);
            }
            return lines.subList(1, lines.size());
        }
    }

    /// Dovecot's program, logged in, over pipes; it greets nobody.
    private Session dovecot(List<String> settings) throws IOException {
        Path config = dir.resolve("dovecot.conf");
        Files.writeString(
                config,
                """
                base_dir = %1$s/run
                mail_location = maildir:%1$s/Maildir
                log_path = %1$s/log
                ssl = no
                protocols = pop3
                mail_uid = 65534
                mail_gid = 65534
                first_valid_uid = 1
                default_internal_user = nobody
                default_login_user = nobody
                default_internal_group = nogroup
                """
                                .formatted(dir)
                        + String.join("\n", settings)
                        + "\n");
        var command = new ArrayList<String>();
        if (Processes.isRoot()) {
            command.addAll(
                    List.of("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"));
        }
        command.addAll(List.of(POP3.toString(), "-c", config.toString()));
        var builder = new ProcessBuilder(command);
        builder.environment().put("HOME", dir.toString());
        builder.environment().put("USER", "nobody");
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        var process = builder.start();
        var in =
                new BufferedReader(
                        new InputStreamReader(
                                process.getInputStream(), StandardCharsets.ISO_8859_1));
        return new Session() {
            @Override
            public String line() throws IOException {
                return String.valueOf(in.readLine());
            }

            @Override
            public void say(String text) throws IOException {
                process.getOutputStream()
                        .write((text + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
                process.getOutputStream().flush();
            }

            @Override
            public void close() throws IOException {
                say("QUIT");
                line();
                process.getOutputStream().close();
                try {
                    process.waitFor();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        };
    }

    private Session ours(List<String> settings) throws IOException {
        var lab = Lab.open();
        lab.auth().user("carol", "secret", "mail=maildir:" + dir.resolve("Maildir"));
        for (String setting : settings) {
            String[] words = setting.split(" = ", 2);
            lab.param(words[0], words[1]);
        }
        Socket socket = lab.connect();
        var in =
                new BufferedReader(
                        new InputStreamReader(
                                socket.getInputStream(), StandardCharsets.ISO_8859_1));
        var session =
                new Session() {
                    @Override
                    public String line() throws IOException {
                        return String.valueOf(in.readLine());
                    }

                    @Override
                    public void say(String text) throws IOException {
                        socket.getOutputStream()
                                .write((text + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
                    }

                    @Override
                    public void close() throws IOException {
                        say("QUIT");
                        line();
                        socket.close();
                        lab.close();
                    }
                };
        session.line();
        session.say("USER carol");
        session.line();
        session.say("PASS secret");
        assertEquals("+OK Logged in.", session.line());
        return session;
    }

    /// A Maildir of six messages, as another server's converter left it: some have a unique id, a place or an identifier of their own.
    private void maildir(String... fields) throws IOException {
        Path maildir = dir.resolve("Maildir");
        for (String sub : List.of("cur", "new", "tmp")) {
            Files.createDirectories(maildir.resolve(sub));
        }
        var list = new StringBuilder("3 V" + VALIDITY + " N99 G0123456789abcdef0123456789abcdef\n");
        for (int i = 0; i < fields.length; i++) {
            String text = "Subject: message " + i + "\nX-UIDL: old-" + i + "\n\nx\n";
            String name = "170000000" + i + ".M1P1.host,S=" + text.length();
            Files.writeString(maildir.resolve("cur").resolve(name + ":2,"), text);
            list.append(10 + i).append(' ').append(fields[i]).append(':').append(name).append('\n');
        }
        Files.writeString(maildir.resolve("dovecot-uidlist"), list);
        if (Processes.isRoot()) {
            try (Stream<Path> all = Files.walk(maildir)) {
                for (Path path : all.toList()) {
                    Files.setAttribute(path, "unix:uid", 65534);
                    Files.setAttribute(path, "unix:gid", 65534);
                }
            }
        }
    }

    private void alike(List<String> settings) throws IOException {
        List<String> uidls;
        List<String> sizes;
        try (var dovecot = dovecot(settings)) {
            uidls = dovecot.ask("UIDL");
            sizes = dovecot.ask("LIST");
        }
        try (var ours = ours(settings)) {
            assertEquals(uidls, ours.ask("UIDL"), settings.toString());
            assertEquals(sizes, ours.ask("LIST"));
        }
        try (var dovecot = dovecot(settings)) {
            assertEquals(uidls, dovecot.ask("UIDL"), "given back");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%08Xu%08Xv",
                "%08Xv%08Xu",
                "%v.%u",
                "%v-%u",
                "%u",
                "%f",
                "%g",
                "%Mf",
                "%2Xv%3.2f-%u",
                "%16Mf.%1.3u%08.2u%u"
            })
    void uniqueIdsAreDovecots(String format) throws IOException {
        maildir("", "S36 ", "Gguid-of-it ", "W40 Gother-guid ", "", "");
        alike(List.of("pop3_uidl_format = " + format));
    }

    @Test
    void uniqueIdsOfAnEarlierServerAreKept() throws IOException {
        maildir(
                "",
                "Pfrom-courier-1 ",
                "S36 W40 PUID17-1234567 ",
                "",
                "Pwith\"quotes!~ ",
                "Pfirst Osecond ");
        alike(List.of());
        alike(List.of("pop3_reuse_xuidl = yes"));
    }

    @Test
    void theOrderOfAnEarlierServerIsKept() throws IOException {
        maildir("O3 ", "O1 Pone ", "", "O2 ", "", "O3 ");
        alike(List.of());
    }

    @Test
    void fieldsAreUniqueIds() throws IOException {
        maildir("", "", "Psaved ", "");
        alike(List.of("pop3_reuse_xuidl = yes"));
    }

    @Test
    void newMessagesGetIdsBesideKeptOnes() throws IOException {
        maildir("Pone ", "Ptwo O1 ", "");
        try (var ours = ours(List.of())) {
            ours.ask("UIDL");
        }
        Files.writeString(dir.resolve("Maildir/new/1700000099.M1P1.host"), "Subject: new\n\nx\n");
        try (var ours = ours(List.of())) {
            List<String> uidls = ours.ask("UIDL");
            assertEquals(List.of("1 two", "2 one"), uidls.subList(0, 2));
            assertTrue(uidls.get(3).startsWith("4 00000063"), uidls.toString());
        }
        assertTrue(Files.readString(dir.resolve("Maildir/dovecot-uidlist")).contains(" Ptwo O1 :"));
    }
}
