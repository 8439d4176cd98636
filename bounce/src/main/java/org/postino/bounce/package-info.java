// SPDX-License-Identifier: Apache-2.0

/// bounce(8): tells senders what became of their mail. Beside it the smallest agents, error(8) and discard(8).
///
/// [Notifications] decides who is told, [Report] writes the message (RFC 3464). What a notification says comes from the
/// logs that stand beside the message in the queue; it is submitted through cleanup like any other message, and the
/// queue manager is answered when it is safe there.
///
/// SECURITY: reads queue files and logs, writes nothing but through cleanup. Texts of remote servers are cleaned of
/// control characters where they enter the logs.
@NullMarked
package org.postino.bounce;

import org.jspecify.annotations.NullMarked;
