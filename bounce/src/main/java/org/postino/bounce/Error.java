// SPDX-License-Identifier: Apache-2.0

package org.postino.bounce;

import org.postino.queue.Agent;
import org.postino.queue.DeliveryJob;
import org.postino.queue.DeliveryServer;
import org.postino.queue.Recipient;
import org.postino.server.Daemon;
import org.postino.smtp.Delivery;
import org.postino.smtp.Dsn;
import org.postino.smtp.EnhancedStatus;
import org.postino.smtp.StatusText;
import org.postino.suite.Programs;

/// error(8): every recipient bounces, or is deferred, for the reason that the nexthop states. Manual page: `error.8`.
///
/// @param fallback the status of a reason that states none: `5.0.0`, or `4.0.0` under the service name `retry`
@SuppressWarnings("JavaLangClash") // named after its program, like all of them
record Error(EnhancedStatus fallback) implements Agent {
    static Agent start(Daemon daemon) {
        int severity = daemon.service().equals("retry") ? 4 : 5;
        return new Error(new EnhancedStatus(severity, 0, 0));
    }

    @Override
    public void deliver(DeliveryJob job) {
        Delivery outcome = outcome(job.request().nexthop());
        for (Recipient r : job.recipients()) {
            job.report(r, outcome, "none");
        }
    }

    /// Reads `5.1.1 no such user` or a bare reason. The service decides whether the recipient bounces, not the status.
    Delivery outcome(String nexthop) {
        var text = StatusText.of(nexthop);
        EnhancedStatus stated = text.statusOr(fallback);
        EnhancedStatus status =
                stated.severity() == 2 ? fallback : stated.withSeverity(fallback.severity());
        String reason = text.text().strip();
        var dsn =
                new Dsn(status, reason.isEmpty() ? "Address is undeliverable" : reason, null, null);
        return status.severity() == 4 ? new Delivery.Deferred(dsn) : new Delivery.Bounced(dsn);
    }

    static void main(String[] args) {
        System.exit(DeliveryServer.run(args, Programs.options("error"), Error::start));
    }
}
