// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Finds fields in the header of a message as it passes whose names begin as ours will: a client's own must not be taken for ours.
final class ForgedFields {
    private static final int MAX_NAME = 80;
    private static final int MAX_FIELDS = 500;

    private final String prefix;
    private final StringBuilder line = new StringBuilder();
    private final List<String> names = new ArrayList<>();
    private boolean inHeader = true;
    private boolean inName = true;

    /// @param prefix the beginning of the names, in small letters
    ForgedFields(String prefix) {
        this.prefix = prefix;
    }

    void content(byte[] bytes, int from, int length) {
        for (int i = from; i < from + length && inHeader; i++) {
            char c = (char) (bytes[i] & 0xff);
            if (c == '\n') {
                inHeader = !inName || !line.isEmpty();
                line.setLength(0);
                inName = true;
            } else if (inName && c == ':') {
                found(line.toString().stripTrailing().toLowerCase(Locale.ROOT));
                inName = false;
            } else if (inName && c != '\r') {
                line.append(c);
                inName = line.length() < MAX_NAME;
            }
        }
    }

    private void found(String name) {
        if (name.startsWith(prefix) && names.size() < MAX_FIELDS && isAscii(name)) {
            names.add(name);
        }
    }

    private static boolean isAscii(String name) {
        return StandardCharsets.US_ASCII.newEncoder().canEncode(name);
    }

    /// The names of the fields, one as often as it was there.
    List<String> names() {
        return names;
    }
}
