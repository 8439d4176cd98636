// SPDX-License-Identifier: Apache-2.0

package org.postino.pipe;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.postino.config.ValueException;
import org.postino.linux.CommandRun;
import org.postino.server.Connection;
import org.postino.server.Daemon;
import org.postino.server.SessionServer;
import org.postino.suite.CommandRow;
import org.postino.suite.Programs;
import org.postino.util.ByteReader;
import org.postino.util.Printable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// spawn(8), a command for each connection. Manual page: `spawn.8`.
record Spawn(RowCommand command) implements SessionServer.Service {
    private static final Logger LOG = LoggerFactory.getLogger("spawn");

    static SessionServer.Service start(Daemon daemon) {
        return new Spawn(RowCommand.of(daemon, CommandRow::spawn, LOG));
    }

    @Override
    public void serve(Connection c) throws IOException {
        command.left().collect();
        c.known(true);
        // The command's own limit comes first; this one is for a client that takes nothing.
        c.deadline(command.timeLimit().plus(RowCommand.PATIENCE));
        List<String> argv = command.row().argv();
        CommandRun.End end;
        try {
            end = command.run(argv).converse(new Input(c.in()), c.out());
        } catch (IOException | ValueException e) {
            LOG.warn(
                    "{}: cannot run command: {}",
                    command.service(),
                    Printable.text("" + e.getMessage()));
            return;
        }
        if (end.late()) {
            LOG.warn("{}: command time limit exceeded: {}", command.service(), argv.getFirst());
        } else if (!end.exit().isSuccess()) {
            LOG.warn("{}: command {}: {}", command.service(), argv.getFirst(), end.exit());
        }
    }

    /// The bytes of a client as a stream; the connection is closed by the skeleton.
    private static final class Input extends InputStream {
        private final ByteReader client;

        Input(ByteReader client) {
            this.client = client;
        }

        @Override
        public int read() throws IOException {
            return client.read();
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            return client.read(into, offset, length);
        }
    }

    static void main(String[] args) {
        System.exit(SessionServer.run(args, Programs.options("spawn"), Spawn::start));
    }
}
