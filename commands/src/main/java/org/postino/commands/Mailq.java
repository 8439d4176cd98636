// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import java.util.ArrayList;
import java.util.List;
import org.postino.util.ByteNames;

/// mailq(1), as `postqueue -p`; sendmail's option `-C dir` names the configuration directory. Manual page: `mailq.1`.
final class Mailq {
    private Mailq() {}

    static void main(String[] args) {
        if (Cli.asksForHelp(args)) {
            System.out.println("usage: mailq [-v] [-C config_dir]");
            return;
        }
        Exit.with(
                Postqueue.run(
                        arguments(ByteNames.texts(args)).toArray(String[]::new),
                        Postqueue.standardOutput(),
                        System.err));
    }

    static List<String> arguments(String... args) {
        var list = new ArrayList<String>();
        list.add("-p");
        for (String arg : args) {
            list.add(arg.startsWith("-C") ? "-c" + arg.substring(2) : arg);
        }
        return list;
    }
}
