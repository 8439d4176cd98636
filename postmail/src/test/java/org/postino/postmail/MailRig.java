// SPDX-License-Identifier: Apache-2.0

package org.postino.postmail;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.postino.commands.Cli;
import org.postino.kit.FakeAuth;
import org.postino.linux.Processes;
import org.postino.mailstore.MailLocation;
import org.postino.mailstore.MailStore;
import org.postino.mailstore.MailStores;
import org.postino.mailstore.StoreOwner;

/// Users `ann` and `ben` with a Maildir each, and the command in this process.
final class MailRig implements Closeable {
    private final Path dir;
    private final FakeAuth auth;

    MailRig(Path dir) throws IOException {
        this.dir = dir;
        Files.createDirectories(dir.resolve("homes/ann/Maildir"));
        Files.createDirectories(dir.resolve("homes/ben/Maildir"));
        Files.writeString(
                dir.resolve("main.cf"),
                "queue_directory = " + dir.resolve("spool") + "\nmyhostname = mx.test\n");
        auth = new FakeAuth(dir.resolve("spool/private/auth"), dir.resolve("homes"));
        user("ann");
        user("ben");
    }

    /// Adds a user who is whoever runs the test.
    void user(String name) {
        auth.user(name, "secret", "uid=" + Processes.ownUid() + "\tgid=" + Processes.ownGid());
    }

    Path dir() {
        return dir;
    }

    FakeAuth auth() {
        return auth;
    }

    Path maildir(String user) {
        return dir.resolve("homes").resolve(user).resolve("Maildir");
    }

    /// What a command left behind.
    record Ran(int status, String out, String err) {
        /// The output of one that must not fail.
        String ok() {
            if (status != 0 || !err.isEmpty()) {
                throw new AssertionError("status " + status + "\n" + out + err);
            }
            return out;
        }
    }

    Ran run(String... words) {
        return runWith("", words);
    }

    Ran runWith(String input, String... words) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var io =
                new Cli.Io(
                        "postmail",
                        new PrintStream(out, false, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        new ByteArrayInputStream(input.getBytes(StandardCharsets.ISO_8859_1)));
        var all = new ArrayList<>(List.of("-c", dir.toString()));
        all.addAll(List.of(words));
        int status = Postmail.run(io, all.toArray(String[]::new));
        return new Ran(
                status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /// Work on a user's store, as a server does it.
    interface Work {
        void run(MailStore store) throws IOException;
    }

    void store(String user, Work work) throws IOException {
        try (var stores = new MailStores(Clock.systemUTC());
                var store =
                        stores.open(new MailLocation.Maildir(maildir(user)), StoreOwner.self())) {
            work.run(store);
        }
    }

    static ByteArrayInputStream letter(String subject, String text) {
        String all = "From: a@b.test\nSubject: " + subject + "\n\n" + text + "\n";
        return new ByteArrayInputStream(all.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() throws IOException {
        auth.close();
    }
}
