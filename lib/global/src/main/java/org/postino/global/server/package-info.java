// SPDX-License-Identifier: Apache-2.0

/// What every daemon is built on: options, one snapshot of the configuration, inherited sockets, sessions, drain and idle exit,
/// status to master.
///
/// A daemon's `main` names its program and parameters and hands over a constructor; the skeletons [SessionServer],
/// [RequestServer] and [TriggerServer] do the rest.
@NullMarked
package org.postino.global.server;

import org.jspecify.annotations.NullMarked;
