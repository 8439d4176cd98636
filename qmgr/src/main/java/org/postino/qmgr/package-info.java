// SPDX-License-Identifier: Apache-2.0

/// qmgr(8), the queue manager: it decides which message is tried when, by which agent and how many at a time, and what becomes of it.
///
/// [QueueManager] is one thread that owns everything in memory: active messages, transports, destinations. Work that waits
/// for files, tables or agents runs elsewhere and comes back to it as an event: [Activation] reads and resolves a message,
/// [BatchRunner] hands batches to agents, [Disposal] ends the pass of a message. The file system is the truth; the memory can be
/// thrown away at any time.
///
/// SECURITY: unprivileged, confined to the spool. It trusts queue files and answers of agents only as far as they parse.
@NullMarked
package org.postino.qmgr;

import org.jspecify.annotations.NullMarked;
