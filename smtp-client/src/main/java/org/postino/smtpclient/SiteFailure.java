// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpclient;

/// A host could not be brought to take mail.
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

    /// TLS failed where it was only an offer.
    static SiteFailure tlsFailed(Trouble trouble, boolean tryWithoutTls) {
        return new SiteFailure(trouble, true, tryWithoutTls);
    }

    Trouble trouble() {
        return trouble;
    }

    /// Whether there was a connection, so that the host is worth naming as relay.
    boolean connected() {
        return connected;
    }

    boolean tryWithoutTls() {
        return tryWithoutTls;
    }

    /// Whether it has to do with what we demand or offer, TLS or a login, which may be another matter at another destination.
    boolean isMatterOfPolicy() {
        return trouble.dsn().status().subject() == 7;
    }
}
