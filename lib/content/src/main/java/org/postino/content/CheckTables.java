// SPDX-License-Identifier: Apache-2.0

package org.postino.content;

import java.util.List;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.config.Param;
import org.postino.message.MimeReader;
import org.postino.table.Maps;
import org.postino.table.Tables;

/// The tables of header_checks(5) that a program has, for all messages.
///
/// @param header names of the tables for header fields
/// @param mime those for fields that MIME defines, and for all fields of parts
/// @param nested those for fields of attached messages
/// @param body those for lines
/// @param sizeLimit how many bytes of a part of a message `body` is asked about
/// @param fieldLimit how many bytes of a header field there are at most
/// @param lineLimit how many bytes of a line are looked up at a time
/// @param rules what else is asked of a message
public record CheckTables(
        Named header,
        Named mime,
        Named nested,
        Named body,
        long sizeLimit,
        int fieldLimit,
        int lineLimit,
        MimeRules rules) {

    /// The longest piece of a line that is looked up, whatever main.cf says of lines.
    private static final long LONGEST_LINE = 1 << 16;

    private static final long LONGEST_FIELD = 16L << 20;

    /// The tables of a parameter.
    public record Named(String parameter, Maps maps) {
        /// The tables that a parameter names.
        public static Named of(Param<List<String>> parameter, Config config, Tables tables) {
            return new Named(parameter.name(), tables.maps(config.get(parameter)));
        }

        /// True if there are none.
        public boolean isEmpty() {
            return maps.isEmpty();
        }
    }

    /// The parameters that name tables: for header fields, fields of MIME, fields of attached messages, lines.
    public record Params(
            Param<List<String>> header,
            Param<List<String>> mime,
            Param<List<String>> nested,
            Param<List<String>> body) {}

    /// The tables that main.cf names.
    public static CheckTables of(
            Config config, Tables tables, Params params, long sizeLimit, MimeRules rules) {
        return new CheckTables(
                Named.of(params.header(), config, tables),
                Named.of(params.mime(), config, tables),
                Named.of(params.nested(), config, tables),
                Named.of(params.body(), config, tables),
                sizeLimit,
                (int) Math.min(config.get(MainParams.HEADER_SIZE_LIMIT), LONGEST_FIELD),
                (int) Math.min(config.get(MainParams.LINE_LENGTH_LIMIT), LONGEST_LINE),
                rules);
    }

    /// The bounds within which parts of a message are told apart.
    public MimeReader.Limits limits() {
        return new MimeReader.Limits(fieldLimit, lineLimit, rules.depth(), rules.boundary());
    }

    /// True if no message is looked at.
    public boolean isEmpty() {
        return header.isEmpty() && !rules.looksAtHeader() && skipBody();
    }

    /// True if nothing behind the message's own header is looked at.
    boolean skipBody() {
        return mime.isEmpty() && nested.isEmpty() && body.isEmpty() && !rules.looksAtBody();
    }
}
