// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Messages that are being added together. Made and closed as the owner of the mail; closing it removes what was not added.
interface Draft extends Closeable {
    /// Makes a place for the next message, as the owner of the mail.
    ///
    /// @param internalDate the moment at which it is added, if null
    void begin(Flags flags, @Nullable Instant internalDate) throws IOException;

    /// Reads its content to its end, on any thread.
    void write(InputStream content) throws IOException;

    /// Adds all that was written to the folder for good, or nothing, as the owner of the mail.
    ///
    /// @param uids that they get; empty for the next ones
    /// @throws MailStoreException `CANNOT` if they cannot have these
    List<Appended> add(List<Long> uids) throws IOException;
}
