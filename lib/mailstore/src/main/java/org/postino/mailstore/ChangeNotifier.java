// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Tells sessions that a folder changed.
interface ChangeNotifier {
    void changed(Folder folder);

    /// Calls when a folder of this process, or a directory, changes.
    ///
    /// @param what the folder, or what stands for the directories
    /// @param directories of which the listing changes
    Watch watch(StoreOwner owner, Object what, List<Path> directories, Runnable onChange)
            throws IOException;
}
