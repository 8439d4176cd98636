// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import java.io.IOException;
import java.util.List;
import org.postino.content.CheckSubject;
import org.postino.table.TableName;
import org.postino.table.TableSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// postmap(1): makes and asks lookup tables. Manual page: `postmap.1`.
@Command(name = "postmap", sortOptions = false)
final class Postmap extends TableCommand {
    @Option(
            names = "-h",
            description = "With \"-q -\": look up the header fields of the message that is read.")
    private boolean header;

    @Option(
            names = "-b",
            description =
                    "With \"-q -\": look up the lines of the body of the message that is read.")
    private boolean body;

    @Option(
            names = "-m",
            description = "With -h and -b: tell fields of parts and attached messages from lines.")
    private boolean mime;

    @Option(names = "-F", description = "Values are the contents of files.")
    private boolean files;

    static void main(String[] args) {
        Exit.with(Cli.run("postmap", new Postmap(), args));
    }

    @Override
    TableSource source(String file, String text, boolean fold) {
        return TableSource.map(file, text, fold);
    }

    @Override
    String front(String key) {
        return key + "\t";
    }

    @Override
    void check(Cli.Io io, boolean ofInput) throws CommandFailure {
        if ((header || body || mime) && !ofInput) {
            throw new CommandFailure("-h, -b and -m are for messages, which only \"-q -\" reads");
        }
        if (mime && !header && !body) {
            io.warn("-m says nothing without -h or -b");
        }
    }

    @Override
    List<CheckSubject> keys(Cli.Io io) throws IOException {
        return header || body ? MessageKeys.read(io.in(), header, body, mime) : super.keys(io);
    }

    @Override
    String kept(String value) throws IOException {
        return files ? FileValues.encoded(value) : value;
    }

    @Override
    byte[] shown(TableName table, CheckSubject of, String value) throws CommandFailure {
        return files ? FileValues.shown(table, of.text(), value) : super.shown(table, of, value);
    }
}
