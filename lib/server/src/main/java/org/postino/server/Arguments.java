// SPDX-License-Identifier: Apache-2.0

package org.postino.server;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postino.config.HandedFiles;
import org.postino.util.ByteNames;

/// The command line of a daemon, as master makes it: its own options, then those of the row in master.cf.
///
/// @param limit sessions at a time, 0 = no limit
/// @param sockets how many listening sockets were handed over
/// @param peers the users who may connect to a Unix socket; null: everybody
/// @param files `-F` options: files that master has opened for the daemon
/// @param overrides `-o` options, each `name=value`
/// @param rest what the skeleton does not know
record Arguments(
        String service,
        Path configDirectory,
        int limit,
        int sockets,
        boolean verbose,
        @Nullable Set<Integer> peers,
        HandedFiles files,
        List<String> overrides,
        List<String> rest) {

    /// Parses by hand: an option library would take longer than the rest of the start.
    ///
    /// The first word that does not begin with `-`, or `--`, ends the options, as in the rows of master.cf: what follows may be the
    /// command of a row of pipe(8), whose options are its own.
    static Arguments parse(String[] given) {
        String[] args = ByteNames.texts(given);
        String service = "";
        String directory = "";
        int limit = 0;
        int sockets = 1;
        boolean verbose = false;
        @Nullable Set<Integer> peers = null;
        var files = new ArrayList<String>();
        var overrides = new ArrayList<String>();
        var rest = new ArrayList<String>();
        for (int i = 0; i < args.length; i++) {
            boolean last = args[i].equals("--");
            if (last || !args[i].startsWith("-")) {
                rest.addAll(List.of(args).subList(last ? i + 1 : i, args.length));
                break;
            }
            String option = args[i].substring(0, Math.min(2, args[i].length()));
            boolean attached = args[i].length() > 2;
            switch (option) {
                case "-v" -> verbose = true;
                case "-u", "-D" -> {}
                case "-n", "-t", "-c", "-l", "-s", "-o", "-a", "-F" -> {
                    if (!attached && i + 1 == args.length) {
                        throw new FatalException("option " + option + " needs a value");
                    }
                    String value = attached ? args[i].substring(2) : args[++i];
                    switch (option) {
                        case "-n" -> service = value;
                        case "-c" -> directory = value;
                        case "-l" -> limit = number(option, value);
                        case "-s" -> sockets = number(option, value);
                        case "-a" -> peers = numbers(option, value);
                        case "-F" -> files.add(value);
                        case "-o" -> overrides.add(value);
                        default -> {} // -t: the socket itself tells its type
                    }
                }
                default -> rest.add(args[i]);
            }
        }
        if (service.isEmpty() || directory.isEmpty()) {
            throw new FatalException("this program is started by master(8), not by hand");
        }
        return new Arguments(
                service,
                ByteNames.path(directory),
                limit,
                sockets,
                verbose,
                peers,
                HandedFiles.parse(files),
                List.copyOf(overrides),
                List.copyOf(rest));
    }

    private static Set<Integer> numbers(String option, String value) {
        var numbers = new HashSet<Integer>();
        for (String word : value.split(",", -1)) {
            numbers.add(number(option, word));
        }
        return numbers;
    }

    private static int number(String option, String value) {
        try {
            return Integer.parseUnsignedInt(value);
        } catch (NumberFormatException e) {
            throw new FatalException("option " + option + ": bad number " + value, e);
        }
    }
}
