// SPDX-License-Identifier: Apache-2.0

package org.postino.auth;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.postino.util.ByteNames;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A file of users in Dovecot's form, `user:{SCHEME}hash:uid:gid:gecos:home:shell:extra fields`, read again when it has changed.
///
/// Empty lines and lines that begin with `#` are ignored. If a name has several lines, the first counts. Safe for use by several
/// threads.
final class PasswdFile {
    private static final Logger LOG = LoggerFactory.getLogger("auth");

    private final Path path;
    private final Path place;
    private State state = new State(null, Map.of(), 0); // guarded by this

    /// The attributes by which a changed file is recognised.
    private record Stamp(FileTime modified, long size, @Nullable Object key) {}

    private record State(
            @Nullable Stamp stamp, Map<String, PasswdEntry> accounts, long generation) {}

    /// The accounts of one reading, and its number. While the number stays the same, so do the accounts.
    record Snapshot(Map<String, PasswdEntry> accounts, long generation) {}

    PasswdFile(Path path) {
        this(path, path);
    }

    /// @param place the path at which the file is read: master may have opened and handed it over
    PasswdFile(Path path, Path place) {
        this.path = path;
        this.place = place;
    }

    Path path() {
        return path;
    }

    /// Returns the accounts as the file has them now.
    ///
    /// @throws IOException the file cannot be read: nobody can log in now, but nobody is unknown either
    synchronized Snapshot read() throws IOException {
        Stamp now = stamp();
        if (!now.equals(state.stamp())) {
            Map<String, PasswdEntry> accounts = parse(lines());
            state = new State(now, accounts, state.generation() + 1);
        }
        return new Snapshot(state.accounts(), state.generation());
    }

    private List<String> lines() throws IOException {
        try {
            return ByteNames.lines(place);
        } catch (AccessDeniedException e) {
            throw new IOException(path + ": permission denied", e);
        } catch (FileSystemException e) {
            throw e; // says where
        } catch (IOException e) {
            throw new IOException(path + ": " + e.getMessage(), e);
        }
    }

    private Stamp stamp() throws IOException {
        try {
            var attributes = Files.readAttributes(place, BasicFileAttributes.class);
            return new Stamp(
                    attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
        } catch (NoSuchFileException e) {
            throw new IOException(path + ": no such file", e);
        }
    }

    private Map<String, PasswdEntry> parse(List<String> lines) {
        var accounts = new LinkedHashMap<String, PasswdEntry>();
        int number = 0;
        for (String line : lines) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            PasswdEntry account = parse(line);
            if (account.name().isEmpty()) {
                LOG.warn("{}, line {}: no user name: line not used", path, number);
            } else if (accounts.putIfAbsent(account.name(), account) != null) {
                LOG.warn(
                        "{}, line {}: user {} stands further above already: line not used",
                        path,
                        number,
                        account.name());
            }
        }
        return accounts;
    }

    static PasswdEntry parse(String line) {
        List<String> fields = split(line);
        String extra = field(fields, 7);
        return new PasswdEntry(
                field(fields, 0).strip().toLowerCase(Locale.ROOT),
                field(fields, 1),
                field(fields, 2),
                field(fields, 3),
                field(fields, 5),
                extraFields(extra));
    }

    /// Splits a line into at most eight fields. A colon in the last one, or within the braces of a scheme, does not separate.
    private static List<String> split(String line) {
        var fields = new ArrayList<String>();
        int start = 0;
        while (fields.size() < 7) {
            int colon = line.indexOf(':', start);
            if (colon < 0) {
                break;
            }
            fields.add(line.substring(start, colon));
            start = colon + 1;
        }
        fields.add(line.substring(start));
        return fields;
    }

    private static String field(List<String> fields, int index) {
        return index < fields.size() ? fields.get(index) : "";
    }

    private static Map<String, String> extraFields(String text) {
        var fields = new LinkedHashMap<String, String>();
        for (String word : text.strip().split("[ \t]+", -1)) {
            int equals = word.indexOf('=');
            if (equals > 0) {
                fields.put(word.substring(0, equals), word.substring(equals + 1));
            } else if (!word.isEmpty()) {
                fields.put(word, "");
            }
        }
        return Map.copyOf(fields);
    }
}
