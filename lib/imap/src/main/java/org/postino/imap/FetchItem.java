// SPDX-License-Identifier: Apache-2.0

package org.postino.imap;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One item of a FETCH (RFC 3501, 6.4.5).
public sealed interface FetchItem {
    /// Items without arguments; the first six need no message file.
    enum Plain implements FetchItem {
        FLAGS,
        UID,
        /// RFC 7162, 3.1.5.
        MODSEQ,
        /// RFC 8514.
        SAVEDATE,
        INTERNALDATE,
        SIZE,
        ENVELOPE,
        BODY,
        BODYSTRUCTURE,
        /// RFC 8970.
        PREVIEW,
        /// As PREVIEW, but only if it is known already.
        LAZY_PREVIEW,
        /// RFC 8474.
        EMAILID,
        /// RFC 8474.
        THREADID
    }

    /// True if asking for it sets `\\Seen`.
    default boolean marksSeen() {
        return false;
    }

    /// The octets of the addressed part that are wanted.
    enum Text {
        /// All of it (`BODY[]`, `BODY[2]`).
        ALL,
        HEADER,
        FIELDS,
        FIELDS_NOT,
        TEXT,
        MIME
    }

    /// `BODY[section]<offset.length>` and the RFC822 items.
    ///
    /// @param label how the response names it, without the partial
    /// @param path part numbers, empty for the message itself
    /// @param fields field names of HEADER.FIELDS
    /// @param partial null for all octets
    /// @param peek do not set `\Seen`
    record Section(
            String label,
            List<Integer> path,
            Text text,
            List<String> fields,
            @Nullable Partial partial,
            boolean peek)
            implements FetchItem {
        @Override
        public boolean marksSeen() {
            return !peek;
        }
    }

    /// `BINARY[part]<offset.length>` (RFC 3516): a part without its transfer encoding.
    ///
    /// @param label as in [Section]
    /// @param path empty for the whole message
    record Binary(String label, List<Integer> path, @Nullable Partial partial, boolean peek)
            implements FetchItem {
        @Override
        public boolean marksSeen() {
            return !peek;
        }
    }

    /// `BINARY.SIZE[part]`.
    record BinarySize(String label, List<Integer> path) implements FetchItem {}

    /// Octets from `offset` on, `length` at most.
    record Partial(long offset, long length) {
        /// The octets that there are of them in a text of so many; all of it if `wanted` is null.
        public static Partial of(@Nullable Partial wanted, long size) {
            if (wanted == null) {
                return new Partial(0, size);
            }
            long offset = Math.min(wanted.offset, size);
            return new Partial(offset, Math.min(wanted.length, size - offset));
        }
    }
}
