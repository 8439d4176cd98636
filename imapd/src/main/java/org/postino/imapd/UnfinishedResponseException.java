// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.IOException;

/// The store failed in the middle of a response: nothing sent after this would be understood.
final class UnfinishedResponseException extends IOException {
    UnfinishedResponseException(IOException cause) {
        super(cause.toString(), cause);
    }
}
