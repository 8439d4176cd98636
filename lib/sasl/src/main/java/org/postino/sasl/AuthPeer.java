// SPDX-License-Identifier: Apache-2.0

package org.postino.sasl;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/// The connection of a client that wants to log in: auth(8) slows down guessing by the client's address, and logs it.
///
/// @param service `smtp`, `imap` or `pop3`
/// @param local the address that was connected to, if known
/// @param remote the client's address, if known
/// @param secured whether the client's connection is encrypted
/// @param session the session's trace id, for the log; may be empty
public record AuthPeer(
        String service,
        @Nullable InetSocketAddress local,
        @Nullable InetSocketAddress remote,
        boolean secured,
        String session) {}
