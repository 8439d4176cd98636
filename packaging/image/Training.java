// SPDX-License-Identifier: Apache-2.0

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/// Makes the shared class archive: runs every daemon and command on a throw-away instance, has each JVM write down the
/// classes it loaded, and dumps them all into one archive that every program maps.
final class Training {
    private static final int PORTS = 7;
    private final Path image;
    private final Path home;
    private final Path lists;
    private int base;

    Training(Path image) {
        this.image = image;
        this.home = image.resolveSibling("training");
        this.lists = home.resolve("data/crash"); // the one place where every daemon may write
    }

    void archive() throws Exception {
        BuildImage.deleteTree(home);
        Files.createDirectories(lists);
        base = freePorts();
        try (var dns = new TrainingDns()) {
            run(
                    "postino",
                    "create",
                    home.toString(),
                    "--port-base",
                    "" + base,
                    "--domain",
                    "train.test");
            run(
                    "postuser",
                    "-c",
                    home.toString(),
                    "add",
                    "alice@train.test",
                    "--password",
                    "secret");
            run("postconf", "-c", home.toString(), "-e", "dns_servers = " + dns.address());
            workForAll();
            run("postino", "-c", home.toString(), "start");
            try {
                traffic();
            } catch (IOException e) {
                throw new IOException("the training run failed" + log(), e);
            } finally {
                run("postino", "-c", home.toString(), "stop");
            }
            archive(classes());
        } finally {
            BuildImage.deleteTree(home);
        }
    }

    /// Gives work to the programs that a new instance has no use for: anvil by a limit, spawn by a policy server that lets all
    /// in, verify by a probe that nobody waits for, expire by its timer, and agents, each by a domain of its name.
    private void workForAll() throws Exception {
        String me = System.getProperty("user.name");
        String user = me.equals("root") ? "nobody" : me;
        Files.writeString(
                home.resolve("master.cf"),
                """
                train-policy unix - n n - 0 spawn
                  user=%s argv=/usr/bin/printf action=dunno\\n\\n
                command unix - n n - - pipe
                  user=%s argv=/bin/cat
                expire unix - - n 3600 1 expire
                """
                        .formatted(user, user),
                StandardOpenOption.APPEND);
        run(
                "postconf",
                "-c",
                home.toString(),
                "-e",
                "smtpd_client_volume_limits = messages/hour=1000",
                "address_verify_poll_count = 1",
                "mailbox_autoexpunge = Trash=30d",
                "fts_autoindex = yes",
                "smtpd_recipient_restrictions = check_policy_service unix:private/train-policy,"
                        + " warn_if_reject reject_unverified_recipient",
                "transport_maps = inline:{pipe.test=command:, virtual.test=virtual:,"
                    + " error.test=error:no, discard.test=discard:, lmtp.test=lmtp:[127.0.0.1]:1}");
    }

    /// The same from what a training run has left elsewhere.
    void archive(Collection<String> classes) throws Exception {
        if (classes.size() < 1000) {
            throw new IOException(
                    "the training run left only " + classes.size() + " lines of classes");
        }
        Path archive = image.resolve("lib/postino.jsa");
        Files.deleteIfExists(archive);
        dump(classes, archive);
    }

    private void traffic() throws Exception {
        for (int round = 0; round < 2; round++) {
            try (var smtp = connect(25, round == 0 ? "127.0.0.1" : TrainingDns.CLIENT, false)) {
                smtp(smtp);
            }
        }
        for (boolean tls : new boolean[] {false, true}) {
            try (var submission = connect(tls ? 465 : 587, tls)) {
                submission.hear("220 ");
                submission.ask("EHLO train.test", "250 ");
                submission.ask("AUTH PLAIN " + plain(), "235 ");
                submission.ask("QUIT", "221 ");
            }
        }
        run("sendmail", "-C", home.toString(), "-f", "alice@train.test", "alice@train.test");
        for (boolean tls : new boolean[] {false, true}) {
            try (var imap = connect(tls ? 993 : 143, tls)) {
                imap(imap);
            }
            try (var pop = connect(tls ? 995 : 110, tls)) {
                pop3(pop);
            }
        }
        for (String[] command :
                new String[][] {
                    {"postqueue", "-c", home.toString(), "-p"},
                    {"postqueue", "-c", home.toString(), "-j"},
                    {"postqueue", "-c", home.toString(), "-f"},
                    {"mailq", "-C", home.toString()},
                    {"postconf", "-c", home.toString(), "-n"},
                    {"postsuper", "-c", home.toString(), "-r", "ALL"},
                    {"postino", "-c", home.toString(), "check"},
                    {"postino", "-c", home.toString(), "status"}
                }) {
            run(command);
        }
    }

    private void smtp(Talk smtp) throws IOException {
        smtp.hear("220 ");
        smtp.ask("EHLO train.test", "250 ");
        for (String to :
                List.of(
                        "alice@train.test",
                        "postmaster@train.test",
                        "nobody@[127.0.0.2]",
                        "nobody@nowhere.test",
                        "a@pipe.test",
                        "a@virtual.test",
                        "a@error.test",
                        "a@discard.test",
                        "a@lmtp.test")) {
            smtp.ask("MAIL FROM:<alice@train.test> SIZE=1000", "250 ");
            smtp.say("RCPT TO:<" + to + ">");
            if (smtp.line().startsWith("250")) {
                smtp.ask("DATA", "354 ");
                smtp.ask("From: alice@train.test\r\nSubject: training\r\n\r\n..text\r\n.", "250 ");
            } else {
                smtp.ask("RSET", "250 ");
            }
        }
        smtp.ask("QUIT", "221 ");
    }

    private static void imap(Talk imap) throws IOException {
        imap.hear("* OK");
        int tag = 0;
        for (String command :
                List.of(
                        "CAPABILITY",
                        "LOGIN alice@train.test secret",
                        "NAMESPACE",
                        "LIST \"\" *",
                        "CREATE Sent",
                        "STATUS INBOX (MESSAGES UNSEEN)",
                        "SELECT INBOX",
                        "FETCH 1:* (FLAGS UID ENVELOPE BODYSTRUCTURE RFC822.SIZE)",
                        "FETCH 1 BODY[HEADER.FIELDS (SUBJECT)]",
                        "FETCH 1 BODY[]",
                        "SEARCH TEXT training",
                        "STORE 1 +FLAGS (\\Deleted)",
                        "COPY 1 Sent",
                        "EXPUNGE",
                        "UID SEARCH ALL",
                        "LOGOUT")) {
            tag++;
            imap.ask("a" + tag + " " + command, "a" + tag + " ");
        }
    }

    private static void pop3(Talk pop) throws IOException {
        pop.hear("+OK");
        for (String command : List.of("USER alice@train.test", "PASS secret", "STAT")) {
            pop.ask(command, "");
        }
        for (String command : List.of("LIST", "UIDL", "RETR 1", "TOP 1 1")) {
            pop.say(command);
            if (pop.line().startsWith("+OK")) {
                pop.hear(".");
            }
        }
        pop.ask("QUIT", "");
    }

    private static String plain() {
        return Base64.getEncoder()
                .encodeToString("\0alice@train.test\0secret".getBytes(StandardCharsets.US_ASCII));
    }

    private Set<String> classes() throws IOException {
        Set<String> lines = new LinkedHashSet<>();
        try (var files = Files.list(lists)) {
            for (Path file : files.sorted().toList()) {
                for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
                    portable(line).ifPresent(lines::add);
                }
            }
        }
        return lines;
    }

    private void dump(Collection<String> classes, Path archive) throws Exception {
        Path merged = image.resolveSibling("classes.lst");
        Files.write(merged, classes, StandardCharsets.ISO_8859_1);
        String classPath;
        try (var jars = Files.list(image.resolve("lib"))) {
            classPath =
                    String.join(
                            ":",
                            jars.map(Path::toString)
                                    .filter(p -> p.endsWith(".jar"))
                                    .sorted()
                                    .toList());
        }
        start(
                List.of(
                        image.resolve("runtime/bin/java").toString(),
                        "-Xshare:dump",
                        "-XX:SharedClassListFile=" + merged,
                        "-XX:SharedArchiveFile=" + archive,
                        "-XX:+UseSerialGC",
                        "-Xlog:disable",
                        "-Xlog:all=error:stderr",
                        "-Dsun.jnu.encoding=ISO-8859-1",
                        "-Dfile.encoding=ISO-8859-1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        classPath));
        BuildImage.say(
                "archive: "
                        + classes.size()
                        + " classes, "
                        + Files.size(archive) / 1_000_000
                        + " MB");
    }

    /// A line of a class list without what holds in one process only: the number behind a class's name.
    private static Optional<String> portable(String line) {
        if (line.startsWith("#") || line.contains(" source:")) {
            return Optional.empty();
        }
        int id = line.indexOf(" id:");
        return Optional.of(id < 0 || line.startsWith("@") ? line : line.substring(0, id));
    }

    private void run(String... command) throws Exception {
        var all = new ArrayList<String>();
        all.add(image.resolve("bin/" + command[0]).toString());
        all.addAll(List.of(command).subList(1, command.length));
        start(all);
    }

    private void start(List<String> command) throws Exception {
        Path output = image.resolveSibling("training.out");
        var builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
        builder.environment().put("POSTINO_NO_ARCHIVE", "");
        builder.environment().put("MAIL_CONFIG", home.toString());
        boolean dump = command.contains("-Xshare:dump");
        if (!dump) {
            builder.environment()
                    .put(
                            "POSTINO_JAVA_OPTIONS",
                            "-Xshare:off -XX:DumpLoadedClassList=" + lists + "/%p.lst");
        }
        Process process = builder.start();
        process.getOutputStream()
                .write("Subject: training\n\nby sendmail\n".getBytes(StandardCharsets.US_ASCII));
        process.getOutputStream().close();
        // An emulated machine takes ten minutes for what others do in seconds.
        if (!process.waitFor(dump ? 30 : 2, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IOException(command + " did not end");
        }
        if (process.exitValue() != 0) {
            throw new IOException(
                    command
                            + " ended with "
                            + process.exitValue()
                            + ":\n"
                            + Files.readString(output)
                            + log());
        }
    }

    private String log() throws IOException {
        Path log = home.resolve("log/mail.log");
        return Files.exists(log) ? "\nlog:\n" + Files.readString(log) : "";
    }

    private Talk connect(int port, boolean tls) throws Exception {
        return connect(port, "127.0.0.1", tls);
    }

    private Talk connect(int port, String from, boolean tls) throws Exception {
        var plain =
                new Socket(
                        InetAddress.getLoopbackAddress(),
                        base + port,
                        InetAddress.ofLiteral(from),
                        0);
        plain.setSoTimeout(60_000);
        if (!tls) {
            return new Talk(plain);
        }
        var context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Anyone()}, null);
        return new Talk(
                context.getSocketFactory().createSocket(plain, "localhost", base + port, true));
    }

    private static int freePorts() throws IOException {
        for (int attempt = 0; attempt < 50; attempt++) {
            int candidate = 12_000 + (int) (Math.random() * 20) * 1000;
            int free = 0;
            for (int port : new int[] {25, 587, 465, 143, 993, 110, 995}) {
                try (var probe =
                        new ServerSocket(candidate + port, 1, InetAddress.getLoopbackAddress())) {
                    free += probe.isBound() ? 1 : 0;
                } catch (IOException e) {
                    break;
                }
            }
            if (free == PORTS) {
                return candidate;
            }
        }
        throw new IOException("no free ports for the training run");
    }

    /// A client's end of a line protocol.
    private static final class Talk implements AutoCloseable {
        private final Socket socket;
        private final BufferedReader in;
        private final OutputStream out;
        private String said = "(connect)";

        Talk(Socket socket) throws IOException {
            this.socket = socket;
            in =
                    new BufferedReader(
                            new InputStreamReader(
                                    socket.getInputStream(), StandardCharsets.ISO_8859_1));
            out = socket.getOutputStream();
        }

        void say(String text) throws IOException {
            said = text;
            out.write((text + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        }

        String line() throws IOException {
            try {
                String line = in.readLine();
                if (line != null) {
                    return line;
                }
            } catch (SocketTimeoutException e) {
                throw new IOException("no answer to: " + said, e);
            }
            throw new IOException("closed by the server after: " + said);
        }

        void hear(String prefix) throws IOException {
            String line = line();
            while (!line.startsWith(prefix)) {
                line = line();
            }
        }

        void ask(String text, String prefix) throws IOException {
            say(text);
            hear(prefix);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static final class Anyone implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
