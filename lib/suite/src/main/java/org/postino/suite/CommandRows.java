// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.config.MasterCf;
import org.postino.config.ValueException;

/// Checks the rows that run commands, of pipe(8) and spawn(8): their daemons find out only when there is mail for them.
final class CommandRows {
    private static final String PIPE = "pipe";
    private static final String SPAWN = "spawn";

    private final Config config;
    private final Collection<String> values;

    /// @param values the assigned values of main.cf: a transport that one of them mentions is used
    CommandRows(Config config, Collection<String> values) {
        this.config = config;
        this.values = values;
    }

    /// True if a row runs a command that its words name.
    static boolean isOne(MasterCf.Row row) {
        return row.program().equals(PIPE) || row.program().equals(SPAWN);
    }

    /// True if a name is `SERVICE_time_limit` of such a row.
    static boolean isTimeLimit(String name, MasterCf master) {
        return master.rows().stream()
                .anyMatch(row -> isOne(row) && name.equals(row.service() + CommandRow.TIME_LIMIT));
    }

    /// The sentences that warn of a row; none if it is good.
    ///
    /// Accounts are looked up only for a row of pipe that is in use: most rows of Debian's master.cf are for programs, and so users, that
    /// the machine does not have.
    List<String> problems(MasterCf.Row row) {
        var problems = new ArrayList<String>();
        if (!isOne(row)) {
            return problems;
        }
        boolean pipe = row.program().equals(PIPE);
        String start =
                row.service()
                        + ": "
                        + row.program()
                        + (pipe ? " will deliver nothing: " : " will serve nobody: ");
        try {
            CommandRow.timeLimit(config, row.service());
            CommandRow command = pipe ? CommandRow.pipe(words(row)) : CommandRow.spawn(words(row));
            if (!pipe || isUsed(row)) {
                CommandUser.of(command, config.get(MainParams.MAIL_OWNER));
            }
        } catch (ValueException | IllegalStateException e) {
            problems.add(start + e.getMessage());
        } catch (IOException e) {
            // The name service may answer when there is mail.
        }
        return problems;
    }

    /// The words behind a row's options.
    static List<String> words(MasterCf.Row row) {
        var words = row.args().subList(row.optionCount(), row.args().size());
        return !words.isEmpty() && words.getFirst().equals("--")
                ? words.subList(1, words.size())
                : words;
    }

    /// True if main.cf mentions a transport. What tables say is seen only when mail for it comes.
    private boolean isUsed(MasterCf.Row row) {
        return values.stream().anyMatch(value -> mentions(value, row.service()));
    }

    private static boolean mentions(String value, String service) {
        for (String word : value.split("[ \t,{}=]+")) {
            if (word.equals(service) || word.startsWith(service + ":")) {
                return true;
            }
        }
        return false;
    }
}
