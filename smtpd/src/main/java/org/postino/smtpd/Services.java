// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.postino.queue.Envelope;
import org.postino.queue.Submission;
import org.postino.routing.Networks;
import org.postino.server.UpstreamProxy;
import org.postino.table.Maps;
import org.postino.table.MatchList;
import org.postino.tls.TlsServer;
import org.slf4j.Logger;

/// The parts that all sessions of a daemon share. Each is safe for use by several threads.
///
/// @param service the row in master.cf
/// @param inspectors in the order in which they are asked
/// @param filter gets messages in place of the queue; null if there is none
/// @param authenticator null if AUTH is not enabled
/// @param tls null if TLS is not configured
/// @param proxy in front of us; null if clients connect themselves
/// @param localClients those whose mail counts as made here
/// @param bareNewlineExempt clients to which `smtpd_forbid_bare_newline` does not apply
/// @param xforwarders clients that may send XFORWARD
/// @param xclients proxies that may send XCLIENT
/// @param forbidden commands after which a session ends
/// @param hiddenByAddress EHLO keywords that are not announced to a client address
/// @param siteFlush sends the mail of a domain (ETRN)
/// @param style makes the refusals that clients see
/// @param draining true when the daemon is about to end
record Services(
        String service,
        Settings settings,
        List<Inspector.Source> inspectors,
        AddressLookup addresses,
        Queue queue,
        @Nullable ProxyFilter filter,
        @Nullable Authenticator authenticator,
        @Nullable TlsServer tls,
        @Nullable UpstreamProxy proxy,
        ClientNames names,
        ClientLimits limits,
        LocalClients localClients,
        Networks bareNewlineExempt,
        Networks xforwarders,
        Networks xclients,
        MatchList forbidden,
        Maps hiddenByAddress,
        SiteFlush siteFlush,
        RefusalStyle style,
        CommandFilter commandFilter,
        AliasMembers aliases,
        FreeSpace space,
        Received received,
        Clock clock,
        BooleanSupplier draining,
        Logger log) {

    /// The queue as sessions see it: cleanup, or a stand-in in tests.
    @FunctionalInterface
    interface Queue {
        /// Begins a message; it has a queue id when this returns.
        Submission open(Envelope envelope) throws IOException;
    }

    /// Watches the free space of the queue's file system.
    @FunctionalInterface
    interface FreeSpace {
        /// Says why a message of that many bytes has no room; empty if it has.
        Optional<String> shortage(long messageSize);
    }

    /// True if TLS is configured and its keys can be used.
    boolean offersTls() {
        TlsServer server = tls;
        return server != null && server.isUsable();
    }

    Client client(@Nullable InetAddress address, int port) {
        ClientName name = address == null ? ClientName.LOCALHOST : names.of(address);
        return new Client(name, address, port, settings.logPort());
    }
}
