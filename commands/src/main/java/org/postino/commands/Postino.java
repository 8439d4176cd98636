// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.postino.util.ByteNames;

/// postino(1), control of an instance. Manual page: `postino.1`.
///
/// Options are parsed by hand. The first greeting waits for `start`, and an option library would take longer than all the rest
/// of it.
public final class Postino {
    private static final int USAGE = 64;
    private static final String HELP =
            """
            usage: postino [-c config_directory] [-v] command
              start       start the suite; returns when every socket is bound
              start-fg    start the suite and stay in the foreground
              stop        finish what is under way and end
              reload      read main.cf and master.cf anew, losing no session
              restart     put a new program in the place of the running one, losing no connection
              status [-j] what runs, as a table or as JSON
              check       say what is wrong with main.cf, master.cf and the directories
              flush       try every deferred message now
              logrotate   put the log file aside, compressed, and begin a new one
              create DIR  make an instance of its own; see postino create --help
              tls new-server-cert [NAME ...]
                          make a key and a self-signed certificate in config_directory/tls\
            """;

    private Postino() {}

    public static void main(String[] args) {
        Exit.with(run(ByteNames.texts(args)));
    }

    private static int run(String[] args) {
        Path directory = null;
        int i = 0;
        while (i < args.length && args[i].startsWith("-")) {
            switch (args[i]) {
                case "-c" -> {
                    if (i + 1 == args.length) {
                        return usage("option -c needs a directory");
                    }
                    directory = ByteNames.path(args[++i]);
                }
                case "-v" -> {} // there is nothing more to say
                case "-h", "--help" -> {
                    System.out.println(HELP);
                    return 0;
                }
                default -> {
                    return usage("unknown option " + args[i]);
                }
            }
            i++;
        }
        if (i == args.length) {
            return usage("no command");
        }
        var rest = new ArrayList<String>(List.of(args).subList(i + 1, args.length));
        Path where = ConfigHome.directory(directory);
        if (args[i].equals("create")) {
            var io = new Cli.Io("postino create", System.out, System.err, System.in);
            return CreateInstance.run(io, rest.toArray(String[]::new));
        }
        if (args[i].equals("tls")) {
            return tls(where, rest);
        }
        return dispatch(args[i], rest, new SuiteControl(ByteNames.absolute(where).normalize()));
    }

    private static int tls(Path where, List<String> rest) {
        if (rest.isEmpty() || !rest.getFirst().equals("new-server-cert")) {
            return usage("tls needs a command: new-server-cert");
        }
        var io = new Cli.Io("postino tls new-server-cert", System.out, System.err, System.in);
        var names = rest.subList(1, rest.size()).toArray(String[]::new);
        return NewServerCertificate.run(io, ByteNames.absolute(where).normalize(), names);
    }

    private static int dispatch(String verb, List<String> rest, SuiteControl suite) {
        if (verb.equals("take-over") && !rest.isEmpty()) {
            return suite.takeOver(rest.getFirst(), rest.contains("-f")); // what a restart calls
        }
        boolean json = verb.equals("status") && rest.remove("-j");
        if (!rest.isEmpty()) {
            return usage("unexpected argument " + rest.getFirst());
        }
        return switch (verb) {
            case "start" -> suite.start();
            case "start-fg" -> suite.startInForeground();
            case "stop", "abort" -> suite.stop();
            case "reload" -> suite.reload();
            case "restart" -> suite.restart();
            case "status" -> suite.status(json);
            case "check" -> suite.check();
            case "flush" -> suite.flush();
            case "logrotate" -> suite.logrotate();
            default -> usage("unknown command " + verb);
        };
    }

    private static int usage(String problem) {
        System.err.println("postino: fatal: " + problem);
        System.err.println(HELP);
        return USAGE;
    }
}
