// SPDX-License-Identifier: Apache-2.0

package org.postino.verify;

import java.time.Instant;
import org.postino.queue.VerifyClient.Status;

/// What is known of an address.
///
/// @param text why, in the words of who was asked
/// @param updated the time of the result; [Instant#EPOCH] if there is none yet
/// @param probed the time at which the probe under way began; [Instant#EPOCH] if there is none
record Knowledge(Status status, String text, Instant updated, Instant probed) {
    static final Knowledge NONE =
            new Knowledge(
                    Status.UNKNOWN,
                    "Address verification in progress",
                    Instant.EPOCH,
                    Instant.EPOCH);

    Knowledge withProbe(Instant now) {
        return new Knowledge(status, text, updated, now);
    }
}
