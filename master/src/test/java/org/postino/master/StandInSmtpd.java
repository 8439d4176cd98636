// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.locks.LockSupport;
import org.postino.config.MainParams;
import org.postino.server.Connection;
import org.postino.server.Daemon;
import org.postino.server.FatalException;
import org.postino.server.SessionServer;
import org.postino.suite.Programs;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A session daemon that does what its client says.
final class StandInSmtpd implements SessionServer.Service {
    private static final Logger LOG = LoggerFactory.getLogger("smtpd");
    private final Daemon daemon;

    private StandInSmtpd(Daemon daemon) {
        this.daemon = daemon;
        if (daemon.config().get(MainParams.MAIL_NAME).equals("Broken")) {
            throw new FatalException("mail_name says that this daemon shall not start");
        }
        String awaited = daemon.config().get(MainParams.MAIL_NAME);
        while (awaited.startsWith("/") && !Files.exists(Path.of(awaited))) {
            LockSupport.parkNanos(10_000_000);
        }
        System.out.println("a stray line on standard output");
    }

    public static void main(String[] args) {
        System.exit(SessionServer.run(args, Programs.options("smtpd"), StandInSmtpd::new));
    }

    @Override
    public void serve(Connection c) throws IOException {
        c.known(true);
        LOG.info("connect from {}", c.peer());
        say(
                c,
                "220 "
                        + ProcessHandle.current().pid()
                        + " "
                        + daemon.config().get(MainParams.MAIL_NAME));
        while (true) {
            String line = new String(c.in().readLine(1000), StandardCharsets.US_ASCII).strip();
            if (line.isEmpty()) {
                say(c, daemon.draining() ? "421 draining" : "421 bye");
                return;
            }
            say(c, answer(line));
        }
    }

    private static void say(Connection c, String text) throws IOException {
        c.out().write((text + "\r\n").getBytes(StandardCharsets.US_ASCII));
        c.out().flush();
    }

    private String answer(String line) throws IOException {
        int blank = line.indexOf(' ');
        String verb = blank < 0 ? line : line.substring(0, blank);
        String rest = blank < 0 ? "" : line.substring(blank + 1);
        return switch (verb) {
            case "HALT" -> halt();
            case "PANIC" -> throw new IllegalStateException("as asked");
            case "SLOW" -> slow(Long.parseLong(rest));
            case "UID" ->
                    "250 "
                            + status("Uid:")
                            + " groups"
                            + status("Groups:")
                            + " privs"
                            + status("NoNewPrivs:");
            case "READ" -> attempt(() -> "250 " + Files.readAllBytes(Path.of(rest)).length);
            case "WRITE" -> attempt(() -> "250 " + Files.writeString(Path.of(rest), "x"));
            case "SOCKETS" -> sockets();
            case "SERVICE" -> "250 " + daemon.service();
            default -> "250 " + line;
        };
    }

    private static String halt() {
        Runtime.getRuntime().halt(3);
        return "";
    }

    private static String slow(long millis) {
        long end = System.nanoTime() + millis * 1_000_000;
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        return "250 done";
    }

    private interface Work {
        String run() throws IOException;
    }

    private static String attempt(Work work) {
        try {
            return work.run();
        } catch (IOException e) {
            return "550 " + e.getClass().getSimpleName();
        }
    }

    private static String status(String field) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith(field)) {
                return line.substring(field.length()).replace('\t', ' ');
            }
        }
        return "?";
    }

    /// Descriptors that came from outside: none but 0 to 2 and the listening ones may be open across exec.
    private static String sockets() throws IOException {
        var found = new ArrayList<String>();
        try (var fds = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path fd : fds) {
                try {
                    String target = Files.readSymbolicLink(fd).toString();
                    if (target.startsWith("pipe:") || target.endsWith("master.pid")) {
                        found.add(fd.getFileName() + "=" + target);
                    }
                } catch (NoSuchFileException e) {
                    // the directory's own
                }
            }
        }
        return "250 " + found;
    }
}
