// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpclient;

/// A host could not be reached, or the session with it ended before the first message.
final class SiteFailure extends Exception {
    private final transient Failure failure;
    private final boolean connected;
    private final boolean tryWithoutTls;
    private final Lack lack;

    /// The thing that TLS demands and the host does not have.
    enum Lack {
        NONE,
        /// STARTTLS.
        TLS,
        /// A certificate that proves who it is.
        PROOF
    }

    private SiteFailure(Failure failure, boolean connected, boolean tryWithoutTls, Lack lack) {
        super(failure.dsn().reason());
        this.failure = failure;
        this.connected = connected;
        this.tryWithoutTls = tryWithoutTls;
        this.lack = lack;
    }

    static SiteFailure unreachable(Failure failure) {
        return new SiteFailure(failure, false, false, Lack.NONE);
    }

    static SiteFailure refused(Failure failure) {
        return new SiteFailure(failure, true, false, Lack.NONE);
    }

    static SiteFailure lacking(Lack lack, Failure failure) {
        return new SiteFailure(failure, true, false, lack);
    }

    /// Makes the failure of a TLS handshake.
    ///
    /// @param tryWithoutTls true if TLS is not demanded, so that the message may go in the clear
    static SiteFailure tlsFailed(Failure failure, boolean tryWithoutTls) {
        return new SiteFailure(failure, true, tryWithoutTls, Lack.NONE);
    }

    Failure failure() {
        return failure;
    }

    /// True if there was a connection, so that log lines name the host as the relay.
    boolean connected() {
        return connected;
    }

    Lack lack() {
        return lack;
    }

    boolean tryWithoutTls() {
        return tryWithoutTls;
    }

    /// True if our policy caused the failure, TLS or a login say. The same host may do for another destination with another policy.
    boolean isMatterOfPolicy() {
        return failure.dsn().status().subject() == 7;
    }
}
