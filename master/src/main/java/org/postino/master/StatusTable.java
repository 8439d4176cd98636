// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.postino.linux.Users;
import org.postino.suite.Plan;

/// Makes the lines from which `postino status` makes its table. The fields, separated by TAB, are
/// service, type, program, state, pid, sessions, starts, seconds up, user.
final class StatusTable {
    private StatusTable() {}

    static List<String> lines(List<ServiceState> services) {
        long now = System.nanoTime();
        var lines = new ArrayList<String>();
        long up =
                ProcessHandle.current().info().startInstant().map(StatusTable::seconds).orElse(0L);
        lines.add(
                String.join(
                        "\t",
                        "master",
                        "-",
                        "master",
                        "running",
                        Long.toString(ProcessHandle.current().pid()),
                        "0",
                        "1",
                        Long.toString(up),
                        user(ProcessHandle.current().pid())));
        for (ServiceState state : services) {
            if (state.children().isEmpty()) {
                String idle = state.isThrottled(now) ? "throttled" : "listening";
                lines.add(line(state.service(), idle, "-", 0, state.starts(), 0, "-"));
            }
            for (Child child : state.children()) {
                String phase =
                        switch (child.phase()) {
                            case STARTING -> "starting";
                            case RUNNING -> "running";
                            case DRAINING -> "draining";
                        };
                lines.add(
                        line(
                                state.service(),
                                phase,
                                Integer.toString(child.pid()),
                                child.sessions(),
                                state.starts(),
                                TimeUnit.NANOSECONDS.toSeconds(now - child.startedAt()),
                                user(child.pid())));
            }
        }
        return lines;
    }

    /// Returns the name of the user with whose rights a process acts; `-` if it has gone.
    private static String user(long pid) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
                if (line.startsWith("Uid:")) {
                    return Users.nameOf(Integer.parseInt(line.split("\\s+", 4)[2]));
                }
            }
            return "-";
        } catch (IOException e) {
            return "-";
        }
    }

    /// Makes the line for the service manager.
    static String summary(List<ServiceState> services) {
        long daemons = services.stream().mapToLong(s -> s.children().size()).sum();
        long sessions =
                services.stream()
                        .flatMap(s -> s.children().stream())
                        .mapToLong(Child::sessions)
                        .sum();
        return services.size() + " services, " + daemons + " daemons, " + sessions + " sessions";
    }

    private static long seconds(Instant start) {
        return Math.max(0, (System.currentTimeMillis() - start.toEpochMilli()) / 1000);
    }

    private static String line(
            Plan.Service service,
            String phase,
            String pid,
            int sessions,
            int starts,
            long up,
            String user) {
        return String.join(
                "\t",
                service.name(),
                service.row().type().word(),
                service.row().program(),
                phase,
                pid,
                Integer.toString(sessions),
                Integer.toString(starts),
                Long.toString(up),
                user);
    }
}
