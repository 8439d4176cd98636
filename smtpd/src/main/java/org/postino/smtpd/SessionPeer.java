// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/// The two ends of a session as auth(8) wants to know them.
record SessionPeer(
        @Nullable InetSocketAddress local,
        @Nullable InetSocketAddress remote,
        boolean secured,
        String trace) {}
