// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpclient;

import java.io.IOException;
import java.time.Clock;
import java.util.Locale;
import java.util.function.Supplier;
import org.postino.smtp.Features;
import org.postino.smtp.Reply;
import org.postino.tls.TlsClient;
import org.postino.tls.TlsException;
import org.postino.tls.TlsLevel;
import org.postino.tls.TlsServer;
import org.postino.tls.TlsSession;
import org.postino.util.Printable;
import org.slf4j.Logger;

/// Brings a fresh connection to the point where it takes mail: greeting, EHLO, STARTTLS, AUTH.
final class Handshake {
    private static final int MAX_DOUBT = 200;

    private final Settings settings;
    private final Dialer dialer;
    private final Supplier<TlsClient> tls;
    private final SaslLogin sasl;
    private final Clock clock;
    private final Logger log;

    /// The properties of a destination that hold for all of its hosts.
    ///
    /// @param nexthop the destination, as main.cf or the recipient's domain has it
    /// @param domain the host or domain in it
    /// @param sender of the message, for passwords that depend on it
    /// @param tls the TLS that is demanded
    record Wanted(String nexthop, String domain, String sender, TlsDemand tls) {
        Wanted withoutTls() {
            return with(tls.withoutTls());
        }

        /// Replaces the TLS by that which one host demands.
        Wanted with(TlsDemand other) {
            return new Wanted(nexthop, domain, sender, other);
        }
    }

    Handshake(
            Settings settings,
            Dialer dialer,
            Supplier<TlsClient> tls,
            SaslLogin sasl,
            Clock clock,
            Logger log) {
        this.settings = settings;
        this.dialer = dialer;
        this.tls = tls;
        this.sasl = sasl;
        this.clock = clock;
        this.log = log;
    }

    Session open(Target target, Wanted wanted) throws SiteFailure {
        try {
            return attempt(target, wanted);
        } catch (SiteFailure e) {
            if (!e.tryWithoutTls()) {
                throw e;
            }
            log.info("{}: going on without TLS", e.getMessage());
            return attempt(target, wanted.withoutTls());
        }
    }

    private Session attempt(Target target, Wanted wanted) throws SiteFailure {
        Wire wire = dialer.connect(target);
        boolean ready = false;
        try {
            Session session = converse(wire, wanted);
            ready = true;
            return session;
        } catch (Wire.BrokenException e) {
            throw SiteFailure.refused(e.failure());
        } finally {
            if (!ready) {
                wire.abort();
            }
        }
    }

    private Session converse(Wire wire, Wanted wanted) throws SiteFailure, Wire.BrokenException {
        boolean encrypt = wanted.tls().isWanted();
        if (encrypt && settings.tls().wrapperMode()) {
            secure(wire, wanted);
        }
        Reply greeting =
                wire.reply(settings.timeouts().helo(), "receiving the initial server greeting");
        if (greeting.code() != 220) {
            Failure failure =
                    Failure.replied(wire.target(), "refused to talk to me", greeting, null);
            throw SiteFailure.refused(settings.skip5xxGreeting() ? failure.temporary() : failure);
        }
        Features features = hello(wire, greeting.text().toUpperCase(Locale.ROOT).contains("ESMTP"));
        checkLoop(wire, wanted, features);
        if (!encrypt && settings.tls().notesOffers() && features.has("STARTTLS")) {
            log.info("Host offered STARTTLS: [{}]", wire.target().host());
        }
        if (encrypt && !wire.connection().secured() && startTls(wire, wanted, features)) {
            features = hello(wire, true);
        }
        sasl.login(wire, wanted, features);
        return new Session(wire, features, clock.instant());
    }

    private Features hello(Wire wire, boolean esmtp) throws SiteFailure, Wire.BrokenException {
        Reply reply = null;
        if (settings.lmtp() || (!settings.neverEhlo() && (esmtp || settings.alwaysEhlo()))) {
            String verb = settings.lmtp() ? "LHLO" : "EHLO";
            reply =
                    wire.command(
                            verb + " " + settings.heloName(),
                            settings.timeouts().helo(),
                            "performing the " + verb + " handshake");
            if (reply.isPositive()) {
                return Features.parse(reply, settings.discardedKeywords());
            }
        }
        if (reply == null || (!settings.lmtp() && reply.code() != 421)) {
            reply =
                    wire.command(
                            "HELO " + settings.heloName(),
                            settings.timeouts().helo(),
                            "performing the HELO handshake");
            if (reply.isPositive()) {
                return Features.none(reply);
            }
        }
        throw SiteFailure.refused(
                Failure.replied(wire.target(), "refused to talk to me", reply, null).temporary());
    }

    /// Refuses a server on the mail port that bears our name: it is this host, under another address.
    private void checkLoop(Wire wire, Wanted wanted, Features features) throws SiteFailure {
        if (!settings.lmtp()
                && wire.target().port() == settings.defaultPort()
                && features.name().equalsIgnoreCase(settings.myHostname())) {
            throw SiteFailure.refused(
                    Failure.of("5.4.6", "mail for " + wanted.domain() + " loops back to myself"));
        }
    }

    private boolean startTls(Wire wire, Wanted wanted, Features features)
            throws SiteFailure, Wire.BrokenException {
        boolean mandatory = wanted.tls().level().isMandatory();
        String host = wire.target().name();
        if (!features.has("STARTTLS")) {
            if (mandatory) {
                throw SiteFailure.lacking(
                        SiteFailure.Lack.TLS,
                        Failure.of(
                                "4.7.4", "TLS is required, but was not offered by host " + host));
            }
            return false;
        }
        Reply reply = wire.command("STARTTLS", settings.timeouts().startTls(), "sending STARTTLS");
        if (reply.code() == 220) {
            secure(wire, wanted);
            return true;
        }
        if (mandatory) {
            throw SiteFailure.lacking(
                    SiteFailure.Lack.TLS,
                    Failure.of(
                            "4.7.4",
                            "TLS is required, but host "
                                    + host
                                    + " refused to start TLS: "
                                    + reply));
        }
        return false;
    }

    private void secure(Wire wire, Wanted wanted) throws SiteFailure {
        boolean mandatory = wanted.tls().level().isMandatory();
        var demand = wanted.tls().of(wire.target());
        var agreed = new TlsSession[1];
        try {
            wire.connection().readTimeout(settings.timeouts().startTls());
            wire.connection()
                    .upgrade(plain -> {
                        TlsServer.Secured secured = tls.get().handshake(plain, demand);
                        agreed[0] = secured.session();
                        return secured.socket();
                    });
        } catch (IOException e) {
            String why = e instanceof TlsException ? e.getMessage() : "handshake failure";
            log.info("SSL_connect error to {}: {}", wire.target().relay(), why);
            throw SiteFailure.tlsFailed(
                    Failure.of("4.7.5", "Cannot start TLS: handshake failure"), !mandatory);
        }
        TlsSession session = agreed[0];
        if (settings.tls().logLevel() > 0) {
            String doubt = session.peer().doubt();
            if (doubt != null
                    && (settings.tls().logLevel() > 1 || wanted.tls().level().needsProof())) {
                log.info(
                        "certificate verification failed for {}: {}",
                        wire.target().relay(),
                        Printable.text(doubt, MAX_DOUBT));
            }
            log.info(
                    "{} TLS connection established to {}: {}",
                    session.trust(),
                    wire.target().relay(),
                    session);
        }
        if (wanted.tls().level().needsProof() && session.trust() != TlsSession.Trust.VERIFIED) {
            throw SiteFailure.lacking(
                    SiteFailure.Lack.PROOF,
                    Failure.of(
                            "4.7.5",
                            session.trust() == TlsSession.Trust.TRUSTED
                                            || wanted.tls().level() == TlsLevel.FINGERPRINT
                                    ? "Server certificate not verified"
                                    : "Server certificate not trusted"));
        }
    }
}
