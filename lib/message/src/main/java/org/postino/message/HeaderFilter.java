// SPDX-License-Identifier: Apache-2.0

package org.postino.message;

import java.io.ByteArrayOutputStream;
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
        var lines = new HeaderCursor(header);
        boolean keep = false;
        while (lines.nextLine() && !lines.isEmptyLine()) {
            if (!lines.isFolded()) {
                keep = isNamed(header, lines, names) != not;
            }
            if (keep) {
                out.write(header, lines.start(), lines.end() - lines.start());
            }
        }
        int read = lines.start();
        if (read > 0 && keep && header[read - 1] != '\n') {
            // a message that ends within its header has no empty line to give
            return out.toByteArray();
        }
        out.write('\r');
        out.write('\n');
        return out.toByteArray();
    }

    private static boolean isNamed(byte[] header, HeaderCursor line, Set<String> names) {
        int colon = HeaderField.anyColon(header, line.start(), line.stop());
        return colon >= 0 && names.contains(HeaderField.writtenName(header, line.start(), colon));
    }
}
