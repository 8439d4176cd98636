// SPDX-License-Identifier: Apache-2.0

package org.postino.local;

import java.io.IOException;
import org.postino.config.Config;
import org.postino.queue.Agent;
import org.postino.queue.DeliveryJob;
import org.postino.queue.DeliveryServer;
import org.postino.queue.Recipient;
import org.postino.server.Daemon;
import org.postino.server.ServerOptions;
import org.postino.suite.Programs;
import org.postino.table.Tables;

/// local(8), delivery to the users, aliases, files and commands of this system. Manual page: `local.8`.
public final class Local implements Agent {
    static final ServerOptions OPTIONS = Programs.options("local");

    private final LocalContext context;

    private Local(LocalContext context) {
        this.context = context;
    }

    static Local start(Daemon daemon) {
        Config config = daemon.config();
        return new Local(
                LocalContext.of(
                        config, new Tables(config), daemon.queueDirectory(), daemon.clock()));
    }

    @Override
    public void deliver(DeliveryJob job) throws IOException {
        for (Recipient r : job.recipients()) {
            if (job.cancelled()) {
                return;
            }
            var delivery =
                    new LocalDelivery(
                            context,
                            LocalMessage.of(job),
                            r,
                            (part, outcome) -> job.logPart(part, outcome, "local"));
            job.settle(r, delivery.run(), "local");
        }
    }

    public static void main(String[] args) {
        System.exit(DeliveryServer.run(args, OPTIONS, Local::start));
    }
}
