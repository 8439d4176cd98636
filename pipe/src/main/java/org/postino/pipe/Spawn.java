// SPDX-License-Identifier: Apache-2.0

package org.postino.pipe;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.config.ValueException;
import org.postino.linux.AbandonedProcesses;
import org.postino.linux.CommandRun;
import org.postino.server.Connection;
import org.postino.server.Daemon;
import org.postino.server.FatalException;
import org.postino.server.SessionServer;
import org.postino.suite.CommandRow;
import org.postino.suite.CommandUser;
import org.postino.suite.Programs;
import org.postino.util.ByteReader;
import org.postino.util.Printable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// spawn(8), a command for each connection. Manual page: `spawn.8`.
///
/// @param service the name of the row
/// @param directory the directory in which commands start
/// @param exported `export_environment`
record Spawn(
        String service,
        CommandRow row,
        CommandRun.Directory directory,
        Duration timeLimit,
        String mailOwner,
        List<String> exported,
        AbandonedProcesses left)
        implements SessionServer.Service {
    private static final Logger LOG = LoggerFactory.getLogger("spawn");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    static SessionServer.Service start(Daemon daemon) {
        Config config = daemon.config();
        try {
            Path start = daemon.queueDirectory();
            return new Spawn(
                    daemon.service(),
                    CommandRow.spawn(daemon.arguments()),
                    new CommandRun.Directory(start, false),
                    CommandRow.timeLimit(config, daemon.service()),
                    config.get(MainParams.MAIL_OWNER),
                    config.get(MainParams.EXPORT_ENVIRONMENT),
                    new AbandonedProcesses(LOG::warn));
        } catch (ValueException | IllegalStateException e) {
            throw new FatalException(
                    "master.cf: service " + daemon.service() + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void serve(Connection c) throws IOException {
        left.collect();
        c.known(true);
        // The command's own limit comes first; this one is for a client that takes nothing.
        c.deadline(timeLimit.plus(PATIENCE));
        CommandRun.End end;
        try {
            var run =
                    new CommandRun(
                            row.argv(),
                            CommandRun.environment(exported, Map.of()),
                            CommandUser.of(row, mailOwner).credentials(),
                            directory,
                            timeLimit,
                            PATIENCE,
                            left);
            end = run.converse(new Input(c.in()), c.out());
        } catch (IOException | ValueException e) {
            LOG.warn("{}: cannot run command: {}", service, Printable.text("" + e.getMessage()));
            return;
        }
        if (end.late()) {
            LOG.warn("{}: command time limit exceeded: {}", service, row.argv().getFirst());
        } else if (!end.exit().isSuccess()) {
            LOG.warn("{}: command {}: {}", service, row.argv().getFirst(), end.exit());
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
