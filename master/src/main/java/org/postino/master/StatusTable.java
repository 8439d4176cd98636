// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.postino.global.server.Plan;

/// The lines that `postino status` makes its table of, fields separated by TAB:
/// service, type, program, state, pid, sessions, starts, seconds up.
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
                        Long.toString(up)));
        for (ServiceState state : services) {
            if (state.children().isEmpty()) {
                String idle = state.isThrottled(now) ? "throttled" : "listening";
                lines.add(line(state.service(), idle, "-", 0, state.starts(), 0));
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
                                TimeUnit.NANOSECONDS.toSeconds(now - child.startedAt())));
            }
        }
        return lines;
    }

    /// One line for the service manager.
    static String summary(List<ServiceState> services) {
        long daemons = services.stream().mapToLong(s -> s.children().size()).sum();
        long sessions =
                services.stream()
                        .flatMap(s -> s.children().stream())
                        .mapToLong(Child::sessions)
                        .sum();
        return services.size() + " services, " + daemons + " daemons, " + sessions + " sessions";
    }

    private static long seconds(java.time.Instant start) {
        return Math.max(0, (System.currentTimeMillis() - start.toEpochMilli()) / 1000);
    }

    private static String line(
            Plan.Service service, String phase, String pid, int sessions, int starts, long up) {
        return String.join(
                "\t",
                service.name(),
                service.row().type().word(),
                service.row().program(),
                phase,
                pid,
                Integer.toString(sessions),
                Integer.toString(starts),
                Long.toString(up));
    }
}
