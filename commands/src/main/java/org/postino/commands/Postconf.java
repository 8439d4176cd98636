// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postino.table.TableType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// postconf(1): shows and changes main.cf and master.cf. Manual page: `postconf.1`.
@Command(name = "postconf", sortOptions = false)
final class Postconf implements Cli.Body {
    @Option(names = "-c", paramLabel = "DIR", description = "The configuration directory.")
    private @Nullable Path directory;

    @Option(names = "-d", description = "Show defaults, not what main.cf says.")
    private boolean defaults;

    @Option(names = "-n", description = "Show only what main.cf assigns.")
    private boolean assigned;

    @Option(
            names = "-e",
            description = "Edit: NAME=VALUE ...; so do names with a value without it.")
    private boolean edit;

    @Option(names = "-#", description = "Edit: make the lines of NAME ... comments.")
    private boolean comment;

    @Option(names = "-X", description = "Edit: take the lines of NAME ... out.")
    private boolean exclude;

    @Option(names = "-h", description = "Show values without names.")
    private boolean valuesOnly;

    @Option(names = "-H", description = "Show names without values.")
    private boolean namesOnly;

    @Option(names = "-x", description = "Show values with $names replaced.")
    private boolean expand;

    @Option(names = "-f", description = "Fold long lines.")
    private boolean fold;

    @Option(names = "-j", description = "Show JSON, one object a line.")
    private boolean json;

    @Option(names = "-M", description = "Rows of master.cf: SERVICE[/TYPE] ...")
    private boolean rows;

    @Option(names = "-F", description = "Fields of master.cf: SERVICE[/TYPE[/FIELD]] ...")
    private boolean fields;

    @Option(names = "-P", description = "Options -o in master.cf: SERVICE[/TYPE[/NAME]] ...")
    private boolean options;

    @Option(names = "-p", description = "Parameters of main.cf (this is the default).")
    private boolean parameters;

    @Option(names = "-o", paramLabel = "NAME=VALUE", description = "As if main.cf ended so.")
    private List<String> overrides = new ArrayList<>();

    @Option(names = "-m", description = "Show the types of lookup tables.")
    private boolean tableTypes;

    @Option(names = "-l", description = "Show the ways to lock mailboxes.")
    private boolean lockTypes;

    @Option(
            names = {"-a", "-A"},
            description = "Show the ways to authenticate.")
    private boolean saslTypes;

    @Parameters(paramLabel = "NAME")
    private List<String> names = new ArrayList<>();

    @Option(names = "-v", description = "Accepted without effect.")
    void verbose(@SuppressWarnings("unused") boolean on) {}

    static void main(String[] args) {
        Exit.with(Cli.run("postconf", new Postconf(), args));
    }

    /// The form in which values are shown.
    record Style(boolean names, boolean values, boolean fold, boolean json) {}

    @Override
    public int run(Cli.Io io) throws CommandFailure, IOException {
        // A name with a value is an assignment, with or without -e.
        edit |= !comment && !exclude && !names.isEmpty() && names.getFirst().indexOf('=') >= 0;
        check();
        if (tableTypes || lockTypes || saslTypes) {
            types().forEach(io.out()::println);
            return 0;
        }
        Path dir = Cli.directory(directory);
        var style = new Style(!valuesOnly, !namesOnly, fold, json);
        boolean change = edit || comment || exclude;
        if (change && names.isEmpty()) {
            throw new CommandFailure("-e, -X, or -# requires a name" + (edit ? "=value" : ""));
        }
        if (rows || fields || options) {
            var master = new PostconfMaster(io, dir, style);
            return change ? changeMaster(master) : showMaster(master);
        }
        var main = new PostconfMain(io, dir, overrides, style);
        if (edit) {
            main.edit(names);
        } else if (comment || exclude) {
            main.remove(names, comment);
        } else {
            main.show(names, defaults, assigned, expand);
        }
        return 0;
    }

    private void check() throws CommandFailure {
        if ((edit ? 1 : 0) + (comment ? 1 : 0) + (exclude ? 1 : 0) > 1) {
            throw new CommandFailure("specify one of -e, -X and -#");
        }
        if (edit && (defaults || assigned || expand || valuesOnly || namesOnly)) {
            throw new CommandFailure(
                    "-d, -n, -x, -h and -H show, -e or NAME=VALUE edits: not both");
        }
        boolean master = rows || fields || options;
        if ((rows ? 1 : 0) + (fields ? 1 : 0) + (options ? 1 : 0) + (parameters ? 1 : 0) > 1) {
            throw new CommandFailure("specify one of -F, -M, -P and -p");
        }
        if (master && (defaults || assigned)) {
            throw new CommandFailure("with option -F, -M or -P, do not specify -d or -n");
        }
        if (valuesOnly && namesOnly) {
            throw new CommandFailure("specify one of -h and -H");
        }
        if (rows && (valuesOnly || namesOnly)) {
            throw new CommandFailure("with option -M, do not specify -h or -H");
        }
        if (defaults && assigned) {
            throw new CommandFailure("specify one of -d and -n");
        }
    }

    private List<String> types() {
        return tableTypes
                ? TableType.words()
                : lockTypes ? List.of("dotlock", "fcntl") : List.of("dovecot");
    }

    private int showMaster(PostconfMaster master) throws CommandFailure, IOException {
        if (rows) {
            master.showRows(names);
        } else if (fields) {
            master.showFields(names);
        } else {
            master.showOptions(names, expand);
        }
        return 0;
    }

    private int changeMaster(PostconfMaster master) throws CommandFailure, IOException {
        for (var name : names) {
            if (edit) {
                int equals = name.indexOf('=');
                if (equals < 0) {
                    throw new CommandFailure("missing '=' after name: \"" + name + "\"");
                }
                String key = name.substring(0, equals).strip();
                String value = name.substring(equals + 1).strip();
                if (rows) {
                    master.putRow(key, value);
                } else if (fields) {
                    master.putField(key, value);
                } else {
                    master.putOption(key, value);
                }
            } else if (rows) {
                master.removeRow(name, comment);
            } else if (options && exclude) {
                master.removeOption(name);
            } else {
                throw new CommandFailure("-X and -# need -M; -X also works with -P");
            }
        }
        return 0;
    }
}
