// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.routing.Networks;
import org.postino.suite.RewriteClients;
import org.postino.suite.SmtpdParams;
import org.postino.table.Maps;
import org.postino.table.TableException;
import org.postino.table.Tables;
import org.postino.tls.PeerCertificate;
import org.postino.tls.TlsSession;

/// The clients whose mail counts as made here, so that cleanup completes its header fields (`local_header_rewrite_clients`).
///
/// @param networks any of them may have the client's address
/// @param maps the address may be a key of one of these
/// @param users everybody who has logged in belongs to them
/// @param listed has the certificates of those who belong to them; null if none counts
/// @param trusted everybody with a certificate that an authority vouches for belongs to them
record LocalClients(
        List<Networks> networks,
        List<Maps> maps,
        boolean users,
        @Nullable Maps listed,
        boolean trusted) {

    static LocalClients of(Config config, Tables tables) {
        var networks = new ArrayList<Networks>();
        var maps = new ArrayList<Maps>();
        boolean users = false;
        Maps listed = null;
        boolean trusted = false;
        for (String item : config.get(SmtpdParams.LOCAL_HEADER_REWRITE_CLIENTS)) {
            RewriteClients word = RewriteClients.find(item);
            if (word == null) {
                maps.add(tables.maps(List.of(item)));
                continue;
            }
            switch (word) {
                case PERMIT_INET_INTERFACES ->
                        networks.add(Networks.of(OwnAddresses.of(config), tables));
                case PERMIT_MYNETWORKS ->
                        networks.add(Networks.of(config.get(MainParams.MYNETWORKS), tables));
                case PERMIT_SASL_AUTHENTICATED -> users = true;
                case CHECK_ADDRESS_MAP -> {} // its table is the next item
                case PERMIT_TLS_CLIENTCERTS ->
                        listed = tables.maps(config.get(SmtpdParams.RELAY_CLIENTCERTS));
                case PERMIT_TLS_ALL_CLIENTCERTS -> trusted = true;
            }
        }
        return new LocalClients(List.copyOf(networks), List.copyOf(maps), users, listed, trusted);
    }

    /// True if the client is one of them; a client without an address, on a socket of this machine, is.
    ///
    /// @throws TableException a table cannot be asked
    boolean contains(@Nullable InetAddress address, boolean loggedIn, @Nullable TlsSession tls)
            throws TableException {
        if (address == null || (users && loggedIn)) {
            return true;
        }
        if (tls != null && hasCertificate(tls)) {
            return true;
        }
        for (Networks list : networks) {
            if (list.contains(address)) {
                return true;
            }
        }
        for (Maps map : maps) {
            if (map.find(Client.text(address)).isPresent()) {
                return true;
            }
        }
        return false;
    }

    private boolean hasCertificate(TlsSession tls) throws TableException {
        if (trusted && tls.trustedCertificate() != null) {
            return true;
        }
        PeerCertificate shown = tls.peer().certificate();
        return listed != null
                && shown != null
                && (listed.find(shown.fingerprint()).isPresent()
                        || listed.find(shown.keyFingerprint()).isPresent());
    }
}
