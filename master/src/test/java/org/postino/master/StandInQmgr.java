// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import java.io.IOException;
import org.postino.ipc.IpcConnection;
import org.postino.ipc.Message;
import org.postino.server.Daemon;
import org.postino.server.RequestServer;
import org.postino.suite.Programs;
import org.slf4j.LoggerFactory;

/// A resident daemon that echoes requests.
final class StandInQmgr implements RequestServer.Service {
    private StandInQmgr(Daemon daemon) {
        daemon.onDrain(() -> LoggerFactory.getLogger("qmgr").info("draining"));
    }

    public static void main(String[] args) {
        System.exit(RequestServer.run(args, Programs.options("qmgr"), StandInQmgr::new));
    }

    @Override
    public void serve(IpcConnection c) throws IOException {
        for (Message m = c.receive(); m != null; m = c.receive()) {
            c.send(Message.of("echo").with("text", m.request()).build());
        }
    }
}
