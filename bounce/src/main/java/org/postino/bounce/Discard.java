// SPDX-License-Identifier: Apache-2.0

package org.postino.bounce;

import org.postino.global.delivery.Agent;
import org.postino.global.delivery.DeliveryJob;
import org.postino.global.delivery.DeliveryServer;
import org.postino.global.queue.Recipient;
import org.postino.global.server.ServerOptions;
import org.postino.global.smtp.Delivery;
import org.postino.global.smtp.Dsn;

/// discard(8): mail is taken and thrown away; the nexthop says why, for the log. Manual page: `discard.8`.
final class Discard implements Agent {
    @Override
    public void deliver(DeliveryJob job) {
        String why = job.request().nexthop();
        var sent = new Delivery.Sent(Dsn.of("2.0.0", why.isEmpty() ? "discarded" : why));
        for (Recipient r : job.recipients()) {
            job.report(r, sent, "none");
        }
    }

    static void main(String[] args) {
        System.exit(
                DeliveryServer.run(args, new ServerOptions("discard"), daemon -> new Discard()));
    }
}
