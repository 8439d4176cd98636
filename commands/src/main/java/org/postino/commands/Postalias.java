// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import org.postino.table.TableSource;
import picocli.CommandLine.Command;

/// postalias(1): makes and asks alias tables. Manual page: `postalias.1`.
@Command(name = "postalias", sortOptions = false)
final class Postalias extends TableCommand {
    static void main(String[] args) {
        Exit.with(Cli.run("postalias", new Postalias(), args));
    }

    @Override
    TableSource source(String file, String text, boolean fold) {
        return TableSource.aliases(file, text, fold);
    }

    @Override
    String front(String key) {
        return key + ":\t";
    }
}
