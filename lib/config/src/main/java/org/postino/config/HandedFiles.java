// SPDX-License-Identifier: Apache-2.0

package org.postino.config;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.postino.util.ByteNames;

/// Files that the configuration mentions, that a daemon may not open itself, and that master has therefore read for it: a key
/// that only root may read, a table outside of the daemon's sandbox.
///
/// @param places where their bytes are to be read instead
public record HandedFiles(Map<Path, Path> places) {
    public static final HandedFiles NONE = new HandedFiles(Map.of());

    public HandedFiles {
        places = Map.copyOf(places);
    }

    /// Parses the handed files of a command line.
    ///
    /// @param words `DESCRIPTOR=PATH` each
    /// @throws IllegalArgumentException a word is not of that form
    public static HandedFiles parse(List<String> words) {
        var places = new HashMap<Path, Path>();
        for (String word : words) {
            int equals = word.indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException("bad file \"" + word + "\"");
            }
            int descriptor = Integer.parseUnsignedInt(word.substring(0, equals));
            places.put(
                    ByteNames.path(word.substring(equals + 1)),
                    Path.of("/proc/self/fd/" + descriptor));
        }
        return new HandedFiles(places);
    }

    /// The path at which to read a file: the file itself if it was not handed over.
    public Path placeOf(Path file) {
        return places.getOrDefault(file, file);
    }
}
