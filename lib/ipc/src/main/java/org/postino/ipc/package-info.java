// SPDX-License-Identifier: Apache-2.0

/// The language of the daemons: records on Unix sockets, and requests and replies made of named attributes.
///
/// A record is a type byte, an unsigned LEB128 length, and that many bytes of data; the queue file is made of the same
/// records (see `org.postino.queue`). On a new connection each side first sends a `V` record with the protocol
/// version, and refuses a peer that sends another one. An `M` record is a whole [Message]; other types belong to the service.
/// Text is UTF-8. A record is never longer than [IpcRecord#MAX].
///
/// Not here: what is asked. Each request lives with its subject: cleanup, the queue manager and the delivery agents in `queue`;
/// auth(8) has Dovecot's protocol, in `sasl`. Accepting connections is `server`.
@NullMarked
package org.postino.ipc;

import org.jspecify.annotations.NullMarked;
