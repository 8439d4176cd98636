// SPDX-License-Identifier: Apache-2.0

package org.postino.local;

import java.io.IOException;
import org.postino.global.config.Config;
import org.postino.global.config.LocalParams;
import org.postino.global.config.MailParams;
import org.postino.global.delivery.Agent;
import org.postino.global.delivery.DeliveryJob;
import org.postino.global.delivery.DeliveryServer;
import org.postino.global.queue.Recipient;
import org.postino.global.server.Daemon;
import org.postino.global.server.ServerOptions;
import org.postino.global.table.Tables;

/// local(8), delivery to the users, aliases, files and commands of this system. Manual page: `local.8`.
public final class Local implements Agent {
    static final ServerOptions OPTIONS =
            new ServerOptions("local", LocalParams.ALL, MailParams.ALL);

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
                            Letter.of(job),
                            r,
                            (part, outcome) -> job.logPart(part, outcome, "local"));
            job.settle(r, delivery.run(), "local");
        }
    }

    public static void main(String[] args) {
        System.exit(DeliveryServer.run(args, OPTIONS, Local::start));
    }
}
