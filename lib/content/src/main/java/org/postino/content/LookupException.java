// SPDX-License-Identifier: Apache-2.0

package org.postino.content;

import java.io.IOException;
import org.postino.table.TableException;

/// The error of a table that is asked while content passes, and cannot answer now.
public final class LookupException extends IOException {
    public LookupException(TableException cause) {
        super(cause.getMessage(), cause);
    }
}
