// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.IOException;

/// Tells sessions that a folder changed.
interface ChangeNotifier {
    void changed(Folder folder);

    Watch watch(StoreOwner owner, Folder folder, Runnable onChange) throws IOException;
}
