// SPDX-License-Identifier: Apache-2.0

/// DESCRIPTION: master owns every listening socket, starts a daemon when its socket has work, watches it, and starts the next
/// when it has left; it alone writes the log.
///
/// One thread, that of [MasterLoop], touches all state and waits in `poll(2)`; [Rows] owns the configuration in force with its
/// sockets and daemons, [ControlRequests] the control socket and its clients.
///
/// SECURITY: master stays root where it was started by root. It reads from the network nothing, from daemons short lines
/// that it bounds, and gives each daemon a user, a sandbox and descriptors of its own.
@NullMarked
package org.postino.master;

import org.jspecify.annotations.NullMarked;
