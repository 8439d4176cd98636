// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.IOException;
import java.nio.file.Path;

/// mbox.
final class MboxStore {
    private MboxStore() {}

    static MailStore open(MailStores stores, Path root, Path inbox, StoreOwner owner)
            throws IOException {
        if (stores != null) {
            throw new IOException("mbox: " + root + inbox + owner);
        }
        return MaildirStore.open(stores, root, owner);
    }
}
