// SPDX-License-Identifier: Apache-2.0

package org.postino.sasl;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/// Who wants to log in, and where: what auth(8) throttles and logs by.
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
