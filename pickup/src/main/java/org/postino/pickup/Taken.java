// SPDX-License-Identifier: Apache-2.0

package org.postino.pickup;

import java.time.Instant;
import org.postino.queue.QueueFile;
import org.postino.queue.QueueId;

/// A dropped file that nobody else can reach any more, opened and found in order.
///
/// @param uid who dropped it
/// @param dropped when it was finished
/// @param requeued whether it is a message that `postsuper -r` put back, to be believed entirely
record Taken(QueueId id, QueueFile file, int uid, Instant dropped, boolean requeued) {}
