// SPDX-License-Identifier: Apache-2.0

package org.postino.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.postino.config.HandedFiles;
import org.postino.util.ByteNames;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keys and certificates by the name that a client asks for (SNI, RFC 6066): of a table, and of a directory with a file for each name.
/// Safe for use by several threads.
///
/// Those that were used last are kept, and read again when their files or the table have changed. Changed ones that cannot be used leave
/// the old ones in force; if there are none, the name counts as one that is not there. Both are logged.
final class NamedIdentities {
    private static final Logger LOG = LoggerFactory.getLogger(NamedIdentities.class);
    private static final int KEPT = 500;
    private static final int MAX_NAME = 253;

    private final @Nullable ServerNames table;
    private final @Nullable Path directory;
    private final HandedFiles handed;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Loaded> kept =
            new LinkedHashMap<>(16, 0.75f, true); // guarded by lock

    /// @param source the value of the table and the stamps of files, by which a change is noticed
    private record Loaded(List<String> source, List<PemFiles.Identity> identities) {}

    /// @param directory has `NAME.pem`, and `*.DOMAIN.pem` for the names just below a domain; null if there is none
    NamedIdentities(@Nullable ServerNames table, @Nullable Path directory, HandedFiles handed) {
        this.table = table;
        this.directory = directory;
        this.handed = handed;
    }

    /// The identities for a host name; empty if the usual ones are meant.
    List<PemFiles.Identity> find(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        if (!isName(name)) {
            return List.of();
        }
        var found = ofTable(name);
        return found.isEmpty() ? ofDirectory(name) : found;
    }

    /// True if a name has the letters of a host name: it is made part of the name of a file.
    private static boolean isName(String name) {
        if (name.length() > MAX_NAME || name.startsWith(".") || name.contains("..")) {
            return false;
        }
        return name.chars()
                .allMatch(c ->
                        (c >= 'a' && c <= 'z')
                                || (c >= '0' && c <= '9')
                                || c == '.'
                                || c == '-'
                                || c == '_');
    }

    private List<PemFiles.Identity> ofTable(String name) {
        ServerNames names = table;
        if (names == null) {
            return List.of();
        }
        try {
            var value = names.find(name);
            String key = name;
            for (int dot = name.indexOf('.'); value.isEmpty() && dot >= 0; ) {
                key = name.substring(dot);
                value = names.find(key);
                dot = name.indexOf('.', dot + 1);
            }
            return value.isEmpty() ? List.of() : loaded(key, value.get().strip());
        } catch (IOException e) {
            LOG.warn("tls_server_sni_maps: {}", e.getMessage());
            return List.of();
        }
    }

    private List<PemFiles.Identity> ofDirectory(String name) {
        Path place = directory;
        if (place == null) {
            return List.of();
        }
        int dot = name.indexOf('.');
        List<String> files = dot < 0 ? List.of(name) : List.of(name, "*" + name.substring(dot));
        for (String file : files) {
            Path path = place.resolve(file + ".pem");
            if (Files.exists(handed.placeOf(path))) {
                return loaded(file, path.toString());
            }
        }
        return List.of();
    }

    private List<PemFiles.Identity> loaded(String key, String value) {
        List<Path> files = value.startsWith("/") ? files(value) : List.of();
        var source = new ArrayList<String>(List.of(value));
        source.addAll(WatchedContext.stamps(files, handed));
        lock.lock();
        try {
            Loaded old = kept.get(key);
            if (old != null && old.source().equals(source)) {
                return old.identities();
            }
            var identities = old == null ? List.<PemFiles.Identity>of() : old.identities();
            try {
                identities =
                        files.isEmpty()
                                ? PemFiles.identities(decoded(value), "the entry of " + key)
                                : PemFiles.identities(files, handed);
            } catch (TlsException e) {
                LOG.warn(
                        "{} for server name {}: {}",
                        identities.isEmpty()
                                ? "no certificate of its own"
                                : "keeping the old certificate",
                        key,
                        e.getMessage());
            }
            kept.put(key, new Loaded(source, identities));
            if (kept.size() > KEPT) {
                kept.remove(kept.keySet().iterator().next());
            }
            return identities;
        } finally {
            lock.unlock();
        }
    }

    private static List<Path> files(String value) {
        var files = new ArrayList<Path>();
        for (String word : value.split("[\\s,]+", -1)) {
            if (!word.isEmpty()) {
                files.add(ByteNames.path(word));
            }
        }
        return files;
    }

    private static String decoded(String value) throws TlsException {
        try {
            return new String(Base64.getMimeDecoder().decode(value), StandardCharsets.ISO_8859_1);
        } catch (IllegalArgumentException e) {
            throw new TlsException(
                    "the value is neither a file nor base64, which postmap -F makes of files", e);
        }
    }
}
