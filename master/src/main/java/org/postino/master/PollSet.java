// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.postino.linux.NativeFd;
import org.postino.linux.Poller;
import org.postino.log.Severity;

/// The descriptors for which one turn of master's loop waits, each with its reaction.
final class PollSet {
    private final List<NativeFd> fds = new ArrayList<>();
    private final List<Reaction> reactions = new ArrayList<>();

    /// The work to do when a descriptor is readable.
    interface Reaction {
        void run() throws IOException;
    }

    /// Adds a descriptor. If several are readable together, their reactions run in the order in which they were added.
    void when(NativeFd readable, Reaction reaction) {
        fds.add(readable);
        reactions.add(reaction);
    }

    /// Waits until a descriptor is readable, at most for `longest`, and runs the reactions. One that fails is logged as a warning.
    void await(Duration longest, LogWriter log) throws IOException {
        for (int ready : Poller.await(fds, longest)) {
            try {
                reactions.get(ready).run();
            } catch (IOException e) {
                log.say(Severity.WARNING, String.valueOf(e.getMessage()));
            }
        }
    }
}
