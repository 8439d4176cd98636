// SPDX-License-Identifier: Apache-2.0

package org.postino.verify;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Collection;
import org.postino.ipc.ProtocolException;
import org.postino.queue.VerifyClient.Status;
import org.postino.util.BoundedMap;
import org.postino.util.Printable;

/// The file in which knowledge outlives the daemon: a line for each result, `ADDRESS TAB STATUS TAB SECONDS TAB TEXT` in UTF-8, of which the last
/// one of an address counts. Lines that do not look so are left out: after a crash the last one may be cut. Owned by [Addresses].
final class KnowledgeFile {
    private static final int FIELDS = 4;

    private final Path path;

    KnowledgeFile(Path path) {
        this.path = path;
    }

    /// Adds what the file has to `known`; the result is the number of its lines.
    int read(KnownAddresses known) throws IOException {
        int lines = 0;
        try (BufferedReader in = Files.newBufferedReader(path)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                lines++;
                take(line, known);
            }
        } catch (NoSuchFileException e) {
            return 0; // nothing is known yet
        } catch (CharacterCodingException e) {
            throw new IOException(path + " is no file of ours", e);
        }
        return lines;
    }

    private static void take(String line, KnownAddresses known) {
        String[] parts = line.split("\t", -1);
        if (parts.length != FIELDS || parts[0].isEmpty()) {
            return;
        }
        try {
            var when = Instant.ofEpochSecond(Long.parseLong(parts[2]));
            known.put(parts[0], new Knowledge(Status.of(parts[1]), parts[3], when));
        } catch (NumberFormatException | ProtocolException | java.time.DateTimeException e) {
            // a line that was cut
        }
    }

    private static String line(String address, Knowledge k) {
        return clean(address)
                + "\t"
                + k.status().word()
                + "\t"
                + k.updated().getEpochSecond()
                + "\t"
                + clean(k.text())
                + "\n";
    }

    private static String clean(String text) {
        return Printable.text(text.replace('\t', ' '), KnownAddresses.LONGEST);
    }

    /// Adds a result.
    void append(String address, Knowledge k) throws IOException {
        boolean there = Files.exists(path);
        if (!there) {
            create(path);
        }
        Files.writeString(
                path, line(address, k), StandardCharsets.UTF_8, StandardOpenOption.APPEND);
    }

    private static void create(Path file) throws IOException {
        Files.createFile(
                file,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    /// Replaces the file by one with just these results.
    void replace(Collection<BoundedMap.Entry<String, Knowledge>> known) throws IOException {
        Path fresh = path.resolveSibling(path.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        create(fresh);
        try (BufferedWriter out = Files.newBufferedWriter(fresh)) {
            for (var entry : known) {
                out.write(line(entry.key(), entry.value()));
            }
        }
        Files.move(
                fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
