// SPDX-License-Identifier: Apache-2.0

/// The ground of every daemon: options, one snapshot of the configuration, inherited sockets, sessions, drain and idle exit,
/// status to master.
///
/// A daemon's `main` hands its [ServerOptions] and a constructor to a skeleton, which does the rest: [SessionServer] for
/// clients of the network, [RequestServer] for daemons and commands, [TriggerServer] for what is woken up, [KeptServer] for
/// connections that stay. [Connection] is a client's connection, [SocketLayer] what TLS puts upon it. A server that main.cf
/// names is a [ServerSpec], and a [ServerDialer] connects to it.
///
/// Not here: which programs there are, with what rights and for whom (`suite`); the other end of the line to master (master);
/// protocols of mail.
@NullMarked
package org.postino.server;

import org.jspecify.annotations.NullMarked;
