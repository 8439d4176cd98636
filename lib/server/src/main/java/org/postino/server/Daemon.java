// SPDX-License-Identifier: Apache-2.0

package org.postino.server;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.postino.config.Config;

/// The side of a skeleton that its daemon sees.
public interface Daemon {
    /// The configuration this daemon lives with until it leaves.
    Config config();

    /// The name of its row in master.cf: `smtp`, `submission`, `127.0.0.1:10025`.
    String service();

    /// Arguments of the row that the skeleton did not know, in their order.
    List<String> arguments();

    Clock clock();

    Path queueDirectory();

    /// True if sessions shall end at the next natural point, and no new work shall be taken on.
    ///
    /// A reload alone never makes this true in a [SessionServer]: its sessions go on until their clients leave.
    boolean draining();

    /// Runs `r` once when [#draining()] becomes true, on a thread of its own; the daemon leaves when all these have returned.
    void onDrain(Runnable r);

    /// Runs `r` on a thread of its own whenever master wakes the daemon up, as its row's `wakeup` column says.
    void onWakeup(Runnable r);

    /// Marks work that no session shows: until the result is closed, the daemon is neither idle nor done.
    Work working();

    /// An end to work.
    interface Work extends AutoCloseable {
        @Override
        void close();
    }
}
