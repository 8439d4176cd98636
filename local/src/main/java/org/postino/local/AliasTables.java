// SPDX-License-Identifier: Apache-2.0

package org.postino.local;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.linux.FileStatus;
import org.postino.message.Address;
import org.postino.table.Maps;
import org.postino.table.TableException;
import org.postino.table.TableName;
import org.postino.table.TableType;
import org.postino.table.Tables;

/// The tables of `alias_maps`, asked one after the other, and whose they are.
final class AliasTables {
    private final List<One> tables;
    private final String mailOwner;

    /// @param files what it is read from and what that was made of; empty where main.cf has it all
    private record One(Maps table, List<Path> files) {}

    /// The value that a table has for a name.
    record Entry(String value, Rights rights) {}

    private AliasTables(List<One> tables, String mailOwner) {
        this.tables = List.copyOf(tables);
        this.mailOwner = mailOwner;
    }

    static AliasTables of(Config config, Tables tables) {
        var all = new ArrayList<One>();
        for (String name : config.get(MainParams.ALIAS_MAPS)) {
            all.add(
                    new One(
                            tables.withoutSubstitution().maps(List.of(name)),
                            files(name, config.text("default_database_type"))));
        }
        return new AliasTables(all, config.get(MainParams.MAIL_OWNER));
    }

    /// The files of a table, the compiled one first.
    static List<Path> files(String name, String defaultType) {
        var table = TableName.parse(name, defaultType);
        if (table.known() == TableType.PROXY || table.known() == TableType.DEBUG) {
            return files(table.name(), defaultType);
        }
        if (!table.isFile()) {
            return List.of();
        }
        return table.isMade() ? List.of(table.made(), table.text()) : List.of(table.text());
    }

    /// The value in the first table that has the name; made tables have names without quotes, texts may have them as they were
    /// written.
    ///
    /// @throws IOException the owner of the table could not be asked for
    Optional<Entry> find(String name) throws IOException, TableException {
        String quoted = new Address(name, "").quoted();
        for (One one : tables) {
            Optional<String> value = one.table().find(name);
            if (value.isEmpty() && !quoted.equals(name)) {
                value = one.table().find(quoted);
            }
            if (value.isPresent()) {
                return Optional.of(new Entry(value.get(), rights(one)));
            }
        }
        return Optional.empty();
    }

    /// A table that root made is still the word of whoever may write the text it was made of.
    private Rights rights(One one) throws IOException {
        for (Path file : Privileges.asOthers() ? one.files() : List.<Path>of()) {
            int uid = ownerOf(file);
            if (uid != 0) {
                return Rights.ofOwner(uid, file, mailOwner);
            }
        }
        return new Rights.Default();
    }

    private static int ownerOf(Path file) {
        try {
            return FileStatus.following(file).uid();
        } catch (IOException e) {
            return 0; // the text need not be there any more
        }
    }
}
