// SPDX-License-Identifier: Apache-2.0

/// How daemons talk: records on Unix sockets, and requests and replies made of named attributes.
///
/// A record is a type byte, an unsigned LEB128 length, and that many bytes of data; the queue file is made of the same
/// records (see `org.postino.global.queue`). On a new connection each side first sends a `V` record with the protocol
/// version, and refuses a peer that sends another one. An `M` record is a whole [Message]; other types belong to the service.
/// Text is UTF-8. A record is never longer than [IpcRecord#MAX].
@NullMarked
package org.postino.global.ipc;

import org.jspecify.annotations.NullMarked;
