// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import org.postino.server.Daemon;
import org.postino.server.TriggerServer;
import org.postino.suite.Programs;
import org.slf4j.LoggerFactory;

/// A daemon that says that it was woken up.
final class StandInPickup implements TriggerServer.Service {
    private StandInPickup(Daemon daemon) {
        LoggerFactory.getLogger("pickup").info("here for {}", daemon.service());
    }

    public static void main(String[] args) {
        System.exit(TriggerServer.run(args, Programs.options("pickup"), StandInPickup::new));
    }

    @Override
    public void wakeup() {
        LoggerFactory.getLogger("pickup").info("woken up");
    }
}
