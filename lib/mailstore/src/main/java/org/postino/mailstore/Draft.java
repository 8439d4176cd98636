// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The content of a message that is being added. Made and closed as the owner of the mail, written by any thread; closing it
/// removes what was not added.
interface Draft extends Closeable {
    /// Reads the content to its end.
    void write(InputStream content) throws IOException;

    /// Adds what was written to the folder for good, as the owner of the mail.
    ///
    /// @param internalDate now, if null
    Appended add(Flags flags, @Nullable Instant internalDate) throws IOException;
}
