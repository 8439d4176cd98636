// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postino.config.HandedFiles;
import org.postino.linux.NativeFd;
import org.postino.tls.TlsException;
import org.postino.tls.TlsServer;

/// The keys and certificates that the daemons of each row had last. When the files have changed and cannot be used, because a
/// certificate is half written or belongs to another key, the row's next daemon gets the old contents.
///
/// What a row has at first is not looked at, so that nothing for it is loaded before files change.
final class KeptKeys {
    private final Map<String, Map<Path, SealedFiles.Item>> kept = new HashMap<>();
    private final Consumer<String> warnings;

    /// @param warnings gets a sentence for each change that is not taken over
    KeptKeys(Consumer<String> warnings) {
        this.warnings = warnings;
    }

    /// Returns the items that a row's daemon shall get.
    ///
    /// @param keys the row's files of keys and certificates
    /// @param items its files as they are now
    List<SealedFiles.Item> judge(String row, Set<Path> keys, List<SealedFiles.Item> items) {
        var now = new LinkedHashMap<Path, SealedFiles.Item>();
        for (SealedFiles.Item item : items) {
            if (keys.contains(item.name())) {
                now.put(item.name(), item);
            }
        }
        Map<Path, SealedFiles.Item> old = kept.get(row);
        if (old == null || stamps(old).equals(stamps(now))) {
            kept.put(row, now);
            return items;
        }
        String problem = problem(now);
        if (problem == null) {
            kept.put(row, now);
            return items;
        }
        warnings.accept(row + ": keeping the old certificate: " + problem);
        var given = new ArrayList<SealedFiles.Item>();
        for (SealedFiles.Item item : items) {
            SealedFiles.Item before = old.get(item.name());
            given.add(before == null ? item : item.with(before.content(), before.contentStamp()));
        }
        return given;
    }

    private static List<String> stamps(Map<Path, SealedFiles.Item> items) {
        return items.values().stream().map(SealedFiles.Item::contentStamp).toList();
    }

    private static @Nullable String problem(Map<Path, SealedFiles.Item> items) {
        var places = new HashMap<Path, Path>();
        for (SealedFiles.Item item : items.values()) {
            NativeFd content = item.content();
            if (content != null) {
                places.put(item.name(), Path.of("/proc/self/fd/" + content.number()));
            }
        }
        try {
            TlsServer.check(List.copyOf(items.keySet()), new HandedFiles(places));
            return null;
        } catch (TlsException e) {
            return e.getMessage();
        }
    }

    /// Returns the stamps of the contents that are kept.
    Set<String> stamps() {
        var stamps = new HashSet<String>();
        kept.values().forEach(items -> stamps.addAll(stamps(items)));
        return stamps;
    }
}
