// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.postino.table.TableFile;
import org.postino.table.TableSource;
import org.postino.tls.SelfSigned;
import org.postino.util.ByteNames;
import org.postino.util.FileSafe;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `postino create`: an instance of its own in one directory, which needs no root.
@Command(
        name = "postino create",
        description = "Makes an instance of the suite in a directory.",
        sortOptions = false)
final class CreateInstance implements Cli.Body {
    private static final List<String> SPOOL =
            List.of(
                    "active",
                    "bounce",
                    "corrupt",
                    "defer",
                    "deferred",
                    "hold",
                    "incoming",
                    "maildrop",
                    "pid",
                    "private",
                    "public",
                    "trace");

    /// The longest path of an instance, in bytes. A Unix socket's path has 107 at most, and the longest of ours is
    /// `spool/private/NAME`.
    private static final int LONGEST = 80;

    @Parameters(paramLabel = "DIR", description = "The directory; made if it does not exist.")
    private Path target = Path.of("");

    @Option(
            names = "--port-base",
            paramLabel = "N",
            description = "Ports are N + the well-known ones (default 10000: 10025, 10143, ...).")
    private int base = 10_000;

    @Option(
            names = "--domain",
            paramLabel = "D",
            description = "The mail domain (default localdomain.test).")
    private String domain = "localdomain.test";

    @Option(
            names = "--force",
            description =
                    "Write main.cf, master.cf and aliases anew if they exist; mail, queue and users stay.")
    private boolean force;

    /// Runs the subcommand; `args` are the words behind `create`.
    static int run(Cli.Io io, String... args) {
        return Cli.run(io, new CreateInstance(), args);
    }

    @Override
    public int run(Cli.Io io) throws CommandFailure, IOException {
        Path dir = ByteNames.absolute(target).normalize();
        check(dir);
        directories(dir);
        write(dir, "main.cf", InstanceFiles.mainCf(dir, domain, owner()), "rw-r--r--");
        write(dir, "master.cf", InstanceFiles.masterCf(base), "rw-r--r--");
        String aliases = InstanceFiles.aliases(dir);
        write(dir, "aliases", aliases, "rw-r--r--");
        aliasTable(dir, aliases);
        keep(dir, "passwd", "");
        keep(dir, "tls.pem", null);
        io.out()
                .println(
                        "created "
                                + dir
                                + ": domain "
                                + domain
                                + ", smtp "
                                + (base + 25)
                                + ", submission "
                                + (base + 587)
                                + " (tls "
                                + (base + 465)
                                + "), imap "
                                + (base + 143)
                                + " (tls "
                                + (base + 993)
                                + "), pop3 "
                                + (base + 110)
                                + " (tls "
                                + (base + 995)
                                + "), all on 127.0.0.1");
        return 0;
    }

    private void check(Path dir) throws CommandFailure {
        if (base < 0 || base + 995 > 65_535) {
            throw new CommandFailure("--port-base " + base + ": must be 0 to 64540");
        }
        if (!goodDomain(domain)) {
            throw new CommandFailure("--domain " + domain + ": must be a domain name");
        }
        String text = ByteNames.text(dir);
        if (ByteNames.encode(text).length > LONGEST) {
            throw new CommandFailure(
                    dir
                            + ": the path is too long for sockets in it; at most "
                            + LONGEST
                            + " bytes");
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) <= ' ' || "$#,{}\"".indexOf(text.charAt(i)) >= 0) {
                throw new CommandFailure(
                        dir + ": the path must not contain blanks, commas or any of $ # { } \"");
            }
        }
        if (!force && Files.exists(dir.resolve("main.cf"))) {
            throw new CommandFailure(
                    dir + " has an instance already; --force writes its configuration anew");
        }
    }

    static boolean goodDomain(String text) {
        if (text.isEmpty() || text.length() > 253) {
            return false;
        }
        for (var label : text.split("\\.", -1)) {
            if (label.isEmpty()
                    || label.length() > 63
                    || label.startsWith("-")
                    || label.endsWith("-")
                    || !label.chars().allMatch(c -> c == '-' || letterOrDigit(c))) {
                return false;
            }
        }
        return true;
    }

    private static boolean letterOrDigit(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    private static String owner() {
        return System.getProperty("user.name", "postino");
    }

    private void directories(Path dir) throws IOException {
        domain = domain.toLowerCase(Locale.ROOT);
        Files.createDirectories(dir);
        Path spool = directory(dir.resolve("spool"));
        for (var name : SPOOL) {
            directory(spool.resolve(name));
        }
        directory(dir.resolve("data"));
        directory(dir.resolve("mail"));
        directory(dir.resolve("log"));
    }

    private static Path directory(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            Files.createDirectory(
                    path,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
        }
        return path;
    }

    private static void write(Path dir, String name, String text, String permissions)
            throws IOException {
        FileSafe.replace(dir.resolve(name), ByteNames.encode(text), permissions);
    }

    /// Writes a private file unless it is there. If `text` is null, it gets a new key and certificate.
    private void keep(Path dir, String name, @Nullable String text) throws IOException {
        if (!Files.exists(dir.resolve(name))) {
            write(
                    dir,
                    name,
                    text != null
                            ? text
                            : SelfSigned.pem(
                                    domain, List.of("localhost", "127.0.0.1"), Clock.systemUTC()),
                    "rw-------");
        }
    }

    private static void aliasTable(Path dir, String text) throws IOException {
        var entries = new LinkedHashMap<String, String>();
        for (var e : TableSource.aliases("aliases", text, true).entries()) {
            entries.put(e.key(), e.value());
        }
        TableFile.write(dir.resolve("aliases.db"), entries, "rw-r--r--");
    }
}
