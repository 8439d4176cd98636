// SPDX-License-Identifier: Apache-2.0

package org.postino.bounce;

import org.postino.queue.Agent;
import org.postino.queue.DeliveryJob;
import org.postino.queue.DeliveryServer;
import org.postino.queue.Recipient;
import org.postino.smtp.Delivery;
import org.postino.smtp.Dsn;
import org.postino.suite.Programs;

/// discard(8) takes mail and throws it away; the nexthop gives the reason for the log. Manual page: `discard.8`.
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
        System.exit(DeliveryServer.run(args, Programs.options("discard"), daemon -> new Discard()));
    }
}
