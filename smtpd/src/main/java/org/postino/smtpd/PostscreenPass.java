// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import org.jspecify.annotations.Nullable;
import org.postino.server.Connection;
import org.postino.tls.TlsSession;

/// A connection on its way to a [Session]: as it came, or behind what postscreen has said and heard.
///
/// @param tls null unless the connection is encrypted already
record PostscreenPass(ClientChannel channel, @Nullable TlsSession tls) {
    /// A connection with which nobody has spoken yet.
    static PostscreenPass direct(Services services, Connection connection) {
        Settings settings = services.settings();
        return new PostscreenPass(
                new ClientChannel(
                        connection,
                        settings.timeout(),
                        settings.minDataRate(),
                        settings.lineLimit()),
                null);
    }
}
