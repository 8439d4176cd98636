// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postino.config.MainParams;
import org.postino.util.ByteNames;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// newaliases(1): rebuilds the tables of `alias_database`. Manual page: `newaliases.1`.
@Command(name = "newaliases", sortOptions = false)
final class Newaliases implements Cli.Body {
    @Option(
            names = {"-C", "-c"},
            paramLabel = "DIR",
            description = "The configuration directory.")
    private @Nullable Path directory;

    static void main(String[] args) {
        Exit.with(Cli.run("newaliases", new Newaliases(), args));
    }

    @Override
    public int run(Cli.Io io) throws CommandFailure, IOException {
        Path dir = Cli.directory(directory);
        var config = Cli.load(dir);
        List<String> tables = config.get(MainParams.ALIAS_DATABASE);
        if (tables.isEmpty()) {
            throw new CommandFailure("alias_database is empty: there is nothing to make");
        }
        var args = new ArrayList<>(List.of("-c", ByteNames.text(dir), "--"));
        args.addAll(tables);
        var postalias = new Cli.Io("postalias", io.out(), io.err(), io.in());
        return Cli.run(postalias, new Postalias(), args.toArray(String[]::new));
    }
}
