// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.postino.kit.FreePort;
import org.postino.kit.PrivateAccounts;
import org.postino.suite.Programs;

/// A suite whose daemons have all been taken over, each in its own program's confinement.
///
/// It stands in `/srv`, and has accounts of its own: both are there for its processes alone, in a mount namespace.
final class HostileSuite implements AutoCloseable {
    /// What the suite's processes see of [#here].
    static final Path THERE = Path.of("/srv");

    static final int OWNER = 61_000;
    static final int ALICE = 61_100;

    private final Path here;
    private final List<String> options;
    private final Map<String, SocketAddress> addresses = new LinkedHashMap<>();
    private final Map<String, Talk> talks = new LinkedHashMap<>();
    private @Nullable MasterProcess master;

    /// @param here an empty directory that everybody can read
    /// @param options for master's Java machine
    HostileSuite(Path here, List<String> options) {
        this.here = here;
        this.options = List.copyOf(options);
    }

    private record Talk(SocketChannel channel, BufferedReader in) {}

    Path spool() {
        return here.resolve("spool");
    }

    void start() throws IOException {
        for (String name : List.of("etc", "etc/tls", "spool", "data", "mail", "lib", "accounts")) {
            directory(name, 0, 0755);
        }
        directory("mail/alice", ALICE, 0700);
        file("mail/alice/letter", ALICE, 0600);
        file("etc/tls/key.pem", 0, 0600);
        file("etc/table", 0, 0644);
        configuration();
        run();
        for (String queue :
                List.of("incoming", "deferred", "defer", "bounce", "hold", "corrupt", "maildrop")) {
            file("spool/" + queue + "/FILE", OWNER, 0600);
        }
        file("spool/active/FILE", OWNER, 0660);
        file("data/secret", OWNER, 0600);
    }

    private void configuration() throws IOException {
        Files.write(
                here.resolve("etc/main.cf"),
                List.of(
                        "queue_directory = /srv/spool",
                        "data_directory = /srv/data",
                        "maillog_file = /srv/mail.log",
                        "maillog_file_prefixes = /srv",
                        "myhostname = mx.example.test",
                        "mail_owner = postino",
                        "virtual_mailbox_base = /srv/mail",
                        "virtual_mailbox_maps = texthash:/srv/etc/table"));
        var rows = new ArrayList<String>();
        for (String program : Programs.words()) {
            boolean session = List.of("smtpd", "postscreen", "imapd", "pop3d").contains(program);
            if (session) {
                int port = FreePort.find();
                addresses.put(
                        program, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                rows.add("127.0.0.1:" + port + " inet n - n - - " + program);
            } else {
                addresses.put(
                        program, UnixDomainSocketAddress.of(spool().resolve("private/" + program)));
                rows.add(program + " unix - - n - - " + program);
            }
        }
        Files.write(here.resolve("etc/master.cf"), rows);
    }

    private void run() throws IOException {
        var accounts =
                PrivateAccounts.create(here.resolve("accounts"))
                        .suite(OWNER)
                        .add("alice", ALICE, THERE, PrivateAccounts.LOCKED);
        var all = new ArrayList<>(options);
        for (String program : Programs.words()) {
            all.add("-Dpostino.program." + program + "=" + Hostile.class.getName());
        }
        String classPath = MasterProcess.copyClassPath(here.resolve("lib"), THERE.resolve("lib"));
        var mount = "mount --bind " + here + " /srv && exec \"$@\"";
        var words = new ArrayList<>(List.of("sh", "-c", mount, "sh"));
        words.addAll(MasterProcess.command(classPath, all, THERE.resolve("etc")));
        var started =
                MasterProcess.start(
                        new ProcessBuilder(accounts.command(words)), here.resolve("stderr"));
        master = started;
        String said = started.awaitReady();
        if (!said.isEmpty()) {
            throw new IOException(said);
        }
    }

    /// Attacks out of a program's daemon; true if that succeeded.
    boolean attack(String program, String attack) throws IOException {
        String answer = ask(program, attack);
        if (!answer.equals("done") && !answer.startsWith("refused")) {
            throw new IOException(program + ": " + attack + ": " + answer);
        }
        return answer.equals("done");
    }

    String ask(String program, String line) throws IOException {
        Talk talk = talks.get(program);
        if (talk == null) {
            talk = talk(addresses.get(program));
            talks.put(program, talk);
        }
        talk.channel().write(ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8)));
        return String.valueOf(talk.in().readLine());
    }

    private static Talk talk(@Nullable SocketAddress address) throws IOException {
        boolean unix = address instanceof UnixDomainSocketAddress;
        var channel =
                SocketChannel.open(
                        unix ? StandardProtocolFamily.UNIX : StandardProtocolFamily.INET);
        channel.connect(address);
        return new Talk(
                channel,
                new BufferedReader(
                        new InputStreamReader(
                                Channels.newInputStream(channel), StandardCharsets.UTF_8)));
    }

    /// The process number of a program's daemon.
    int pid(String program) throws IOException {
        return Integer.parseInt(ask(program, "pid"));
    }

    int masterPid() {
        return Math.toIntExact(Objects.requireNonNull(master).process().pid());
    }

    String log() throws IOException {
        Path log = here.resolve("mail.log");
        return Files.exists(log) ? Files.readString(log) : "";
    }

    private void directory(String name, int owner, int mode) throws IOException {
        Path made = Files.createDirectories(here.resolve(name));
        own(made, owner, mode);
    }

    private void file(String name, int owner, int mode) throws IOException {
        own(Files.writeString(here.resolve(name), "secret"), owner, mode);
    }

    private static void own(Path path, int owner, int mode) throws IOException {
        PrivateAccounts.own(path, owner);
        Files.setAttribute(path, "unix:mode", mode);
    }

    @Override
    public void close() throws IOException {
        for (Talk talk : talks.values()) {
            talk.channel().close();
        }
        if (master != null) {
            master.process().destroy();
            master.awaitEnd();
        }
    }
}
