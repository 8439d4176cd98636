// SPDX-License-Identifier: Apache-2.0

/// pop3d(8), the POP3 server (RFC 1939, 2449, 2595, 5034). Manual page: `pop3d.8`.
///
/// DESCRIPTION: one virtual thread per session: framing ([Pop3Channel]), grammar ([Command]), log-in ([Authorization]), maildrop
/// ([Maildrop]).
///
/// SECURITY: talks to the network, holds no passwords: auth(8) checks them. Mail is touched as its owner.
@NullMarked
package org.postino.pop3d;

import org.jspecify.annotations.NullMarked;
