// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Of one message, what its readers would otherwise have to open its file for; any part may be missing. Immutable: nobody changes the
/// arrays.
public final class Cached {
    /// The parts; their numbers stand in files ([MaildirCacheLayout]), so that each means one thing for ever.
    public enum Part {
        /// The header as it stands in the message, with CRLF and its empty line, but without the fields that its readers leave out.
        HEADER(1),

        /// The words of readers to a client about the header, in their own form.
        ENVELOPE(2),

        /// The words of readers to a client about the parts, in their own form.
        STRUCTURE(3),

        /// The beginning of the text as readers show it to a client, in their own form.
        PREVIEW(4),

        /// A word for the content and the date, in the form in which readers tell it.
        DIGEST(5);

        final int number;

        Part(int number) {
            this.number = number;
        }
    }

    /// Nothing is known.
    public static final Cached NOTHING = new Cached(new EnumMap<>(Part.class));

    private final Map<Part, byte[]> parts;

    private Cached(Map<Part, byte[]> parts) {
        this.parts = parts;
    }

    /// These parts; takes over the map.
    static Cached of(EnumMap<Part, byte[]> parts) {
        return new Cached(parts);
    }

    /// The octets of a part; null if they are not known.
    public byte @Nullable [] get(Part part) {
        return parts.get(part);
    }

    /// This with another part.
    public Cached with(Part part, byte[] octets) {
        var all = new EnumMap<Part, byte[]>(Part.class);
        all.putAll(parts);
        all.put(part, octets);
        return new Cached(all);
    }

    /// The octets of all parts together.
    int size() {
        int size = 0;
        for (byte[] octets : parts.values()) {
            size += octets.length;
        }
        return size;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (!(other instanceof Cached that) || !parts.keySet().equals(that.parts.keySet())) {
            return false;
        }
        for (var part : parts.entrySet()) {
            if (!Arrays.equals(part.getValue(), that.parts.get(part.getKey()))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        int hash = 0;
        for (var part : parts.entrySet()) {
            hash = 31 * hash + part.getKey().number + Arrays.hashCode(part.getValue());
        }
        return hash;
    }
}
