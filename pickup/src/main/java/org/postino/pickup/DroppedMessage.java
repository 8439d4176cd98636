// SPDX-License-Identifier: Apache-2.0

package org.postino.pickup;

import java.time.Instant;
import org.postino.queue.QueueFile;
import org.postino.queue.QueueId;

/// A dropped file that nobody else can reach any more, opened and found in order.
///
/// @param uid the user who dropped it
/// @param dropped the time at which it was finished
/// @param requeued true if `postsuper -r` put it back: then everything in it is believed
record DroppedMessage(QueueId id, QueueFile file, int uid, Instant dropped, boolean requeued) {}
