// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import org.postino.global.server.Daemon;
import org.postino.global.server.ServerOptions;
import org.postino.global.server.TriggerServer;
import org.slf4j.LoggerFactory;

/// A daemon that says that it was woken up.
final class StandInPickup implements TriggerServer.Service {
    private StandInPickup(Daemon daemon) {
        LoggerFactory.getLogger("pickup").info("here for {}", daemon.service());
    }

    public static void main(String[] args) {
        System.exit(TriggerServer.run(args, new ServerOptions("pickup"), StandInPickup::new));
    }

    @Override
    public void wakeup() {
        LoggerFactory.getLogger("pickup").info("woken up");
    }
}
