// SPDX-License-Identifier: Apache-2.0

package org.postino.pipe;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.config.ValueException;
import org.postino.linux.AbandonedProcesses;
import org.postino.linux.CommandRun;
import org.postino.server.Daemon;
import org.postino.server.FatalException;
import org.postino.suite.CommandRow;
import org.postino.suite.CommandUser;
import org.postino.util.ByteNames;
import org.slf4j.Logger;

/// The command of a row of master.cf, with all that its runs have in common.
///
/// @param service the name of the row
/// @param directory the directory in which it starts
/// @param exported `export_environment`
record RowCommand(
        String service,
        CommandRow row,
        CommandRun.Directory directory,
        Duration timeLimit,
        String mailOwner,
        List<String> exported,
        AbandonedProcesses left) {
    /// The time beyond its limit in which a command that was told to end may do so.
    static final Duration PATIENCE = Duration.ofSeconds(30);

    /// Reads the words of a row.
    @FunctionalInterface
    interface Reader {
        CommandRow read(List<String> words) throws ValueException;
    }

    /// @throws FatalException the row or its time limit is bad
    static RowCommand of(Daemon daemon, Reader reader, Logger log) {
        Config config = daemon.config();
        try {
            CommandRow row = reader.read(daemon.arguments());
            boolean own = !row.directory().isEmpty();
            return new RowCommand(
                    daemon.service(),
                    row,
                    new CommandRun.Directory(
                            own ? ByteNames.path(row.directory()) : daemon.queueDirectory(), own),
                    CommandRow.timeLimit(config, daemon.service()),
                    config.get(MainParams.MAIL_OWNER),
                    config.get(MainParams.EXPORT_ENVIRONMENT),
                    new AbandonedProcesses(log::warn));
        } catch (ValueException | IllegalStateException e) {
            throw new FatalException(
                    "master.cf: service " + daemon.service() + ": " + e.getMessage(), e);
        }
    }

    /// A run of the command.
    ///
    /// @param words the program and its arguments
    /// @throws ValueException nothing may run as its user
    /// @throws IOException the name service could not be asked
    CommandRun run(List<String> words) throws ValueException, IOException {
        return new CommandRun(
                words,
                CommandRun.environment(exported, Map.of()),
                CommandUser.of(row, mailOwner).credentials(),
                directory,
                timeLimit,
                PATIENCE,
                left);
    }
}
