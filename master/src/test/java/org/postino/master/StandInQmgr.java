// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import java.io.IOException;
import org.postino.global.ipc.IpcConnection;
import org.postino.global.ipc.Message;
import org.postino.global.server.Daemon;
import org.postino.global.server.RequestServer;
import org.postino.global.server.ServerOptions;

/// A resident daemon that echoes requests.
final class StandInQmgr implements RequestServer.Service {
    private StandInQmgr(Daemon daemon) {
        daemon.onDrain(() -> org.slf4j.LoggerFactory.getLogger("qmgr").info("draining"));
    }

    public static void main(String[] args) {
        System.exit(RequestServer.run(args, new ServerOptions("qmgr"), StandInQmgr::new));
    }

    @Override
    public void serve(IpcConnection c) throws IOException {
        for (Message m = c.receive(); m != null; m = c.receive()) {
            c.send(Message.of("echo").with("text", m.request()).build());
        }
    }
}
