// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.postino.linux.NativeFd;
import org.postino.linux.Poller;
import org.postino.log.Severity;

/// The descriptors that one turn of master's loop waits for, each with the reaction to its being readable.
final class PollSet {
    private final List<NativeFd> fds = new ArrayList<>();
    private final List<Reaction> reactions = new ArrayList<>();

    /// Something to do when a descriptor is readable.
    interface Reaction {
        void run() throws IOException;
    }

    /// Waits for one descriptor more; those that are readable together are dealt with in the order of these calls.
    void when(NativeFd readable, Reaction reaction) {
        fds.add(readable);
        reactions.add(reaction);
    }

    /// Waits until one is readable, at most so long, and does what is to be done; what fails is said in the log.
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
