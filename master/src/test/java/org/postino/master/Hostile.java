// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.postino.server.Connection;
import org.postino.server.Daemon;
import org.postino.server.SessionServer;
import org.postino.suite.Programs;

/// A daemon that has been taken over: it attacks what its client names, and says whether that succeeded.
final class Hostile implements SessionServer.Service {
    private Hostile(Daemon daemon) {
        daemon.service();
    }

    public static void main(String[] args) {
        System.exit(SessionServer.run(args, Programs.options("hostile"), Hostile::new));
    }

    @Override
    public void serve(Connection c) throws IOException {
        while (true) {
            String line = new String(c.in().readLine(1000), StandardCharsets.UTF_8).strip();
            if (line.isEmpty()) {
                return;
            }
            c.out()
                    .write(
                            (answer(List.of(line.split(" "))) + "\n")
                                    .getBytes(StandardCharsets.UTF_8));
            c.out().flush();
        }
    }

    private static String answer(List<String> words) {
        if (words.getFirst().equals("pid")) {
            return Long.toString(ProcessHandle.current().pid());
        }
        try {
            Attacks.run(words.getFirst(), words.subList(1, words.size()));
            return "done";
        } catch (Exception e) {
            return "refused " + e;
        }
    }
}
