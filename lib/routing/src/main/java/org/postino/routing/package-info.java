// SPDX-License-Identifier: Apache-2.0

/// The meaning of addresses here: they are completed and rewritten, their domains have classes, and their mail has a next stop.
///
/// - [Resolver] is the only judge of an address (ADR 10): it gives a [Resolved], with an [AddressClass], transport and next hop
/// - [Rewriter] completes an address (`append_at_myorigin`, `swap_bangpath` ...)
/// - [AddressMapping] replaces it by those that tables give (canonical, virtual, generic)
/// - [Networks] says which clients are ours
///
/// Not here: the form of an address (`message`), the addresses of this machine (`config`), tables (`table`), the queue for a
/// destination (qmgr).
@NullMarked
package org.postino.routing;

import org.jspecify.annotations.NullMarked;
