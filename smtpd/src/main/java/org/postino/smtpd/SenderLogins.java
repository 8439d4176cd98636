// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.message.Address;
import org.postino.suite.SmtpdParams;
import org.postino.table.Maps;
import org.postino.table.TableException;
import org.postino.table.Tables;

/// Restricts senders to the addresses that belong to their login names (`smtpd_sender_login_maps`).
final class SenderLogins {
    private final Maps owners;
    private final String delimiters;
    private final AddressLookup addresses;

    SenderLogins(Config config, Tables tables, AddressLookup addresses) {
        this.addresses = addresses;
        owners = tables.maps(config.get(SmtpdParams.SMTPD_SENDER_LOGIN_MAPS));
        delimiters = config.get(MainParams.RECIPIENT_DELIMITER);
    }

    /// A client that has logged in must own the sender address.
    ///
    /// @param knownOnly leave addresses alone that nobody owns
    Verdict authenticated(Evaluation e, boolean knownOnly) throws TableException {
        Address sender = e.facts().sender();
        Login login = e.facts().login();
        if (sender == null || sender.isNull() || login == null || owners.isEmpty()) {
            return Verdict.DUNNO;
        }
        Optional<String> found =
                owners.findAddress(addresses.address(sender).toString(), delimiters);
        if (found.isEmpty() && knownOnly) {
            return Verdict.DUNNO;
        }
        for (String owner : found.orElse("").split("[,\\s]+")) {
            if (owner.equalsIgnoreCase(login.user())) {
                return Verdict.DUNNO;
            }
        }
        return subject(e).refuse(553, 7, 1, "not owned by user " + login.user());
    }

    /// A client that has not logged in must not use an address that somebody owns.
    Verdict unauthenticated(Evaluation e) throws TableException {
        Address sender = e.facts().sender();
        @Nullable Login login = e.facts().login();
        if (sender == null || sender.isNull() || login != null || owners.isEmpty()) {
            return Verdict.DUNNO;
        }
        return owners.findAddress(addresses.address(sender).toString(), delimiters).isEmpty()
                ? Verdict.DUNNO
                : subject(e).refuse(553, 7, 1, "not logged in");
    }

    private static Subject subject(Evaluation e) {
        return Subject.of(Subject.Kind.SENDER, e.facts());
    }
}
