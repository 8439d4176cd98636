// SPDX-License-Identifier: Apache-2.0

package org.postino.kit;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.postino.config.Config;
import org.postino.server.Daemon;

/// The surroundings of a program that runs without its skeleton: nobody drains it or wakes it up.
///
/// @param arguments the words of its row
public record QuietDaemon(
        String service, Config config, Path queueDirectory, List<String> arguments)
        implements Daemon {
    public QuietDaemon {
        arguments = List.copyOf(arguments);
    }

    /// A program whose row has no words.
    public QuietDaemon(String service, Config config, Path queueDirectory) {
        this(service, config, queueDirectory, List.of());
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
