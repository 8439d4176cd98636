// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.postino.global.config.MainParams;
import org.postino.global.server.Accounts;
import org.postino.global.server.Plan;

/// The copy of main.cf that daemons read: a half-edited file hurts nobody before a successful reload.
final class RunningConfig {
    private RunningConfig() {}

    static Path file(Plan plan) {
        return plan.config().get(MainParams.DATA_DIRECTORY).resolve("main.cf.running");
    }

    static void write(Plan plan, Accounts accounts) throws IOException {
        Path file = file(plan);
        Path temporary = file.resolveSibling("main.cf.new");
        Files.write(temporary, plan.mainCf().bytes());
        Files.setAttribute(temporary, "unix:mode", 0600);
        SocketPool.own(temporary, accounts);
        Files.move(
                temporary,
                file,
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }
}
