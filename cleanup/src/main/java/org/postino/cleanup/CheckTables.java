// SPDX-License-Identifier: Apache-2.0

package org.postino.cleanup;

import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.suite.CleanupParams;
import org.postino.table.Maps;
import org.postino.table.Tables;

/// The tables of header_checks(5), which all messages share.
///
/// @param milter asked about fields that milters bring
/// @param sizeLimit how many bytes of a part of a message `body` is asked about
/// @param fieldLimit how many bytes of a header field there are at most
/// @param lineLimit how many bytes of a line are looked up at a time
record CheckTables(
        Maps header,
        Maps mime,
        Maps nested,
        Maps body,
        Maps milter,
        long sizeLimit,
        int fieldLimit,
        int lineLimit) {

    /// The longest piece of a line that is looked up, whatever main.cf says of lines.
    private static final long LONGEST_LINE = 1 << 16;

    static CheckTables of(Config config, CleanupSettings settings, Tables tables) {
        return new CheckTables(
                tables.maps(config.get(CleanupParams.HEADER_CHECKS)),
                tables.maps(config.get(CleanupParams.MIME_HEADER_CHECKS)),
                tables.maps(config.get(CleanupParams.NESTED_HEADER_CHECKS)),
                tables.maps(config.get(CleanupParams.BODY_CHECKS)),
                tables.maps(config.get(CleanupParams.MILTER_HEADER_CHECKS)),
                config.get(CleanupParams.BODY_CHECKS_SIZE_LIMIT),
                settings.headerSizeLimit(),
                (int) Math.min(config.get(MainParams.LINE_LENGTH_LIMIT), LONGEST_LINE));
    }

    /// True if no message is looked at.
    boolean isEmpty() {
        return header.isEmpty() && skipBody();
    }

    /// True if nothing behind the message's own header is looked at.
    boolean skipBody() {
        return mime.isEmpty() && nested.isEmpty() && body.isEmpty();
    }
}
