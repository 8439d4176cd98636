// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpclient;

/// A host could not be reached, or the session with it ended before the first message.
final class SiteFailure extends Exception {
    private final transient Trouble trouble;
    private final boolean connected;
    private final boolean tryWithoutTls;

    private SiteFailure(Trouble trouble, boolean connected, boolean tryWithoutTls) {
        super(trouble.dsn().reason());
        this.trouble = trouble;
        this.connected = connected;
        this.tryWithoutTls = tryWithoutTls;
    }

    static SiteFailure unreachable(Trouble trouble) {
        return new SiteFailure(trouble, false, false);
    }

    static SiteFailure refused(Trouble trouble) {
        return new SiteFailure(trouble, true, false);
    }

    /// Makes the failure of a TLS handshake.
    ///
    /// @param tryWithoutTls true if TLS is not demanded, so that the message may go in the clear
    static SiteFailure tlsFailed(Trouble trouble, boolean tryWithoutTls) {
        return new SiteFailure(trouble, true, tryWithoutTls);
    }

    Trouble trouble() {
        return trouble;
    }

    /// True if there was a connection, so that log lines name the host as the relay.
    boolean connected() {
        return connected;
    }

    boolean tryWithoutTls() {
        return tryWithoutTls;
    }

    /// True if our policy caused the failure, TLS or a login say. The same host may do for another destination with another policy.
    boolean isMatterOfPolicy() {
        return trouble.dsn().status().subject() == 7;
    }
}
