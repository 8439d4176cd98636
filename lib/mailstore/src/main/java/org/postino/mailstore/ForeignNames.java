// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/// The names of mailboxes whose files other programs named: in modified UTF-7 as everybody should, in UTF-8 (Courier 5), or
/// with any bytes at all. Each gets a name, no two the same, so that each can be opened.
final class ForeignNames {
    private ForeignNames() {}

    /// The text of a file name: modified UTF-7 decoded, else UTF-8, else each byte a character.
    ///
    /// @param skip characters of ASCII at the beginning that do not belong to it
    static String text(Path file, int skip) {
        String name = String.valueOf(file.getFileName()).substring(skip);
        var decoded = ModifiedUtf7.decode(name);
        if (decoded.isPresent()) {
            return decoded.get();
        }
        if (name.chars().allMatch(c -> c < 0x80)) {
            return name;
        }
        ByteBuffer bytes = ByteBuffer.wrap(bytes(file)).position(skip);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.duplicate()).toString();
        } catch (CharacterCodingException e) {
            return StandardCharsets.ISO_8859_1.decode(bytes).toString();
        }
    }

    /// The bytes of a file's name, whatever the encoding of file names in this process is.
    private static byte[] bytes(Path file) {
        // the URI of a path is made of its bytes
        String uri = file.toUri().getRawPath();
        int end = uri.endsWith("/") ? uri.length() - 1 : uri.length();
        var bytes = new ByteArrayOutputStream();
        for (int i = uri.lastIndexOf('/', end - 1) + 1; i < end; i++) {
            if (uri.charAt(i) == '%') {
                bytes.write(Integer.parseInt(uri, i + 1, i + 3, 16));
                i += 2;
            } else {
                bytes.write(uri.charAt(i));
            }
        }
        return bytes.toByteArray();
    }

    /// A mailbox on the disk.
    ///
    /// @param name its canonical name
    /// @param regular the file is called as we would call it
    record Found<T>(String name, T there, boolean regular) {}

    /// The mailboxes by name. Where several would have the same name it is the regular one's, and the others' names get a number.
    static <T> NavigableMap<String, T> distinct(Collection<Found<T>> found) {
        var names = new TreeMap<String, T>();
        for (var one : found) {
            if (one.regular()) {
                names.put(one.name(), one.there());
            }
        }
        for (var one : found) {
            if (!one.regular()) {
                names.put(unused(one.name(), names), one.there());
            }
        }
        return names;
    }

    private static String unused(String name, Map<String, ?> names) {
        String free = name;
        for (int i = 2; names.containsKey(free); i++) {
            free = name + " (" + i + ")";
        }
        return free;
    }
}
