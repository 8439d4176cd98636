// SPDX-License-Identifier: Apache-2.0

package org.postino.queue;

import java.io.IOException;

/// The queue manager refused a request; the message says why, for the user.
public final class QmgrRefusedException extends IOException {
    public QmgrRefusedException(String reason) {
        super(reason);
    }
}
