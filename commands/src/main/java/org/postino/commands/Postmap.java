// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import org.postino.table.TableSource;
import picocli.CommandLine.Command;

/// postmap(1): makes and asks lookup tables. Manual page: `postmap.1`.
@Command(name = "postmap", sortOptions = false)
final class Postmap extends TableCommand {
    static void main(String[] args) {
        Exit.with(Cli.run("postmap", new Postmap(), args));
    }

    @Override
    TableSource source(String file, String text, boolean fold) {
        return TableSource.map(file, text, fold);
    }

    @Override
    String line(String key, String value) {
        return key + "\t" + value;
    }
}
