// SPDX-License-Identifier: Apache-2.0

package org.postino.postmail;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.postino.util.ByteNames;

/// A value of a row.
sealed interface Field {
    record Text(String text) implements Field {}

    record Count(long number) implements Field {}

    /// Octets of a message, lines of which end in LF.
    record Content(Source source) implements Field {
        /// Writes them.
        interface Source {
            void writeTo(OutputStream out) throws IOException;
        }
    }

    static Field of(String text) {
        return new Text(text);
    }

    static Field of(long number) {
        return new Count(number);
    }

    /// The value as text; octets that are not UTF-8 become what [ByteNames] makes of them.
    default String text() throws IOException {
        return switch (this) {
            case Text(var text) -> text;
            case Count(var number) -> Long.toString(number);
            case Content(var source) -> {
                var out = new ByteArrayOutputStream();
                source.writeTo(out);
                yield ByteNames.decode(out.toByteArray());
            }
        };
    }
}
