// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.Base64;
import org.postino.table.TableName;
import org.postino.util.ByteNames;

/// Values that are the contents of files (`postmap -F`): a text names the files, a table that is made of it has their contents in base64.
final class FileValues {
    private FileValues() {}

    /// Returns the contents of files in base64.
    ///
    /// @param names paths, apart by commas or blanks
    /// @throws IOException one cannot be read, or there is nothing in them
    static String encoded(String names) throws IOException {
        byte[] contents = contents(names);
        if (contents.length == 0) {
            throw new IOException("nothing is in " + names);
        }
        return Base64.getEncoder().encodeToString(contents);
    }

    /// Returns the contents for the value of a table: it has them, or names the files if it is read as it was written.
    static byte[] shown(TableName table, String key, String value) throws CommandFailure {
        try {
            return isText(table) ? contents(value) : Base64.getDecoder().decode(value);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(
                    "table " + table + ": key " + key + ": no base64: " + value, e);
        } catch (IOException e) {
            throw new CommandFailure("table " + table + ": key " + key + ": " + e.getMessage(), e);
        }
    }

    private static boolean isText(TableName table) {
        var type = table.known();
        return type != null
                && switch (type.source()) {
                    case TEXT, RULES, MAIN_CF -> true;
                    case MADE, TABLES, SYSTEM -> false;
                };
    }

    private static byte[] contents(String names) throws IOException {
        var all = new ByteArrayOutputStream();
        for (String name : names.strip().split("[,\\s]+", -1)) {
            if (all.size() > 0) {
                all.write('\n');
            }
            try {
                all.write(Files.readAllBytes(ByteNames.path(name)));
            } catch (NoSuchFileException e) {
                throw new IOException("no such file: " + name, e);
            }
        }
        return all.toByteArray();
    }
}
