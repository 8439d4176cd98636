// SPDX-License-Identifier: Apache-2.0

package org.postino.kit;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.postino.config.Config;
import org.postino.server.Daemon;

/// The surroundings of a program that runs without its skeleton: nobody drains it or wakes it up.
public record QuietDaemon(String service, Config config, Path queueDirectory) implements Daemon {
    @Override
    public List<String> arguments() {
        return List.of();
    }

    @Override
    public Clock clock() {
        return Clock.systemUTC();
    }

    @Override
    public boolean draining() {
        return false;
    }

    @Override
    public void onDrain(Runnable r) {}

    @Override
    public void onWakeup(Runnable r) {}

    @Override
    public Work working() {
        return () -> {};
    }
}
