// SPDX-License-Identifier: Apache-2.0

package org.postino.indexer;

import java.io.IOException;

/// An index that is not as it was written, or that another version wrote: it has to be made anew.
final class DamagedIndexException extends IOException {
    private static final long serialVersionUID = 1;

    DamagedIndexException(String message) {
        super(message);
    }

    DamagedIndexException(Throwable cause) {
        super(String.valueOf(cause.getMessage()), cause);
    }
}
