// SPDX-License-Identifier: Apache-2.0

/// DESCRIPTION: master owns every listening socket, starts a daemon when its socket has work, watches it, and starts the next
/// when it has left; it alone writes the log.
///
/// One thread, that of [MasterLoop], touches all state and waits in `poll(2)`. [Rows] owns the configuration in force with its
/// sockets and daemons; [ControlRequests] owns the control socket and its clients.
///
/// SECURITY: master stays root if root started it. It reads nothing from the network, and only short, bounded lines from
/// daemons. It gives each daemon a user, a sandbox and descriptors of its own.
@NullMarked
package org.postino.master;

import org.jspecify.annotations.NullMarked;
