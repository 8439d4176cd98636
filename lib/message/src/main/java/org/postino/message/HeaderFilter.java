// SPDX-License-Identifier: Apache-2.0

package org.postino.message;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Cuts the fields of HEADER.FIELDS out of a header, folded lines and all (RFC 3501, 6.4.5).
public final class HeaderFilter {
    private HeaderFilter() {}

    /// The fields as they stand in the header, and the empty line; what is no field counts as one with another name.
    ///
    /// @param not give the fields that are not named
    public static byte[] filter(byte[] header, List<String> fields, boolean not) {
        Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        names.addAll(fields);
        var out = new ByteArrayOutputStream(512);
        boolean keep = false;
        int from = 0;
        while (from < header.length) {
            int end = from;
            while (end < header.length && header[end] != '\n') {
                end++;
            }
            int next = Math.min(end + 1, header.length);
            int stop = end > from && header[end - 1] == '\r' ? end - 1 : end;
            if (stop == from) {
                break;
            }
            if (header[from] != ' ' && header[from] != '\t') {
                keep = keeps(header, from, stop, names, not);
            }
            if (keep) {
                out.write(header, from, next - from);
            }
            from = next;
        }
        if (from > 0 && keep && header[from - 1] != '\n') {
            // a message that ends within its header has no empty line to give
            return out.toByteArray();
        }
        out.write('\r');
        out.write('\n');
        return out.toByteArray();
    }

    private static boolean keeps(
            byte[] header, int from, int stop, Set<String> names, boolean not) {
        int colon = from;
        while (colon < stop && header[colon] != ':') {
            colon++;
        }
        if (colon == stop) {
            return not;
        }
        int end = colon;
        while (end > from && (header[end - 1] == ' ' || header[end - 1] == '\t')) {
            end--;
        }
        var name = new String(header, from, end - from, StandardCharsets.ISO_8859_1);
        return names.contains(name) != not;
    }
}
