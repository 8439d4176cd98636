// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.IOException;

/// Finds out about a message that is being stored what its readers will ask, so that they need not open it.
@FunctionalInterface
public interface Digest {
    /// The parts that are worth keeping.
    ///
    /// @throws IOException the message cannot be read
    Cached of(MessageBytes message) throws IOException;
}
