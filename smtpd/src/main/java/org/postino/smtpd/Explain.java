// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.postino.config.Config;
import org.postino.config.ConfigException;
import org.postino.config.ParamTable;
import org.postino.config.Problem;
import org.postino.log.EventLog;
import org.postino.server.FatalException;
import org.postino.suite.Programs;
import org.postino.util.ByteNames;

/// The process in which postexplain(1) has smtpd's own code judge a session; prints the steps as [StepWriter] does.
///
/// Arguments: the configuration directory, the row of master.cf, then `-o name=value` as the row has them, and the facts, each
/// `fact=value`: `client` (an address), `port`, `name`, `helo`, `sender`, `recipient` (once or more), `user`, `tls=yes`, `milters=yes` (they are asked,
/// and not only named).
/// The exit status is 1 with a line `fatal` and the reason where main.cf is in the way.
public final class Explain {
    private Explain() {}

    static void main(String[] arguments) {
        var out =
                new PrintStream(
                        new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)),
                        false,
                        StandardCharsets.UTF_8);
        int status = run(List.of(ByteNames.texts(arguments)), out);
        out.flush();
        System.exit(status);
    }

    static int run(List<String> arguments, PrintStream out) {
        var writer = new StepWriter(out, arguments.contains("milters=yes"));
        EventLog.to((_, event) -> writer.log(event.severity().prefix() + event.text()));
        try {
            explain(arguments, writer);
            return 0;
        } catch (ConfigException e) {
            for (Problem problem : e.problems()) {
                out.println("fatal\t" + problem);
            }
        } catch (FatalException e) {
            out.println("fatal\t" + e.getMessage());
        }
        return 1;
    }

    private static void explain(List<String> arguments, StepWriter writer) throws ConfigException {
        String service = arguments.get(1);
        var program = Programs.options("smtpd");
        var overrides = new ArrayList<String>();
        overrides.add("service_name=" + service);
        overrides.add("process_name=" + program.program());
        Map<String, List<String>> facts = new HashMap<>();
        for (int i = 2; i < arguments.size(); i++) {
            String word = arguments.get(i);
            if (word.equals("-o")) {
                i++;
                overrides.add(arguments.get(i));
                continue;
            }
            int equals = word.indexOf('=');
            facts.computeIfAbsent(word.substring(0, equals), _ -> new ArrayList<>())
                    .add(word.substring(equals + 1));
        }
        Config config =
                Config.load(
                        ByteNames.path(arguments.getFirst()),
                        overrides,
                        program.others(),
                        program.tables().toArray(new ParamTable[0]));
        new Rehearsal(config, service, script(facts), writer).run();
    }

    private static Rehearsal.Script script(Map<String, List<String>> facts) {
        InetAddress address = InetAddress.ofLiteral(first(facts, "client", "127.0.0.1"));
        int port = Integer.parseInt(first(facts, "port", "0"));
        return new Rehearsal.Script(
                new InetSocketAddress(address, port),
                facts.containsKey("name") ? first(facts, "name", "") : null,
                facts.containsKey("helo") ? first(facts, "helo", "") : null,
                first(facts, "sender", ""),
                facts.getOrDefault("recipient", List.of()),
                facts.containsKey("user") ? first(facts, "user", "") : null,
                first(facts, "tls", "no").equals("yes"));
    }

    private static String first(Map<String, List<String>> facts, String name, String otherwise) {
        return facts.getOrDefault(name, List.of(otherwise)).getFirst();
    }
}
