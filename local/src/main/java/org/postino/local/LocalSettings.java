// SPDX-License-Identifier: Apache-2.0

package org.postino.local;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.config.Param;
import org.postino.mailstore.MailPlaces;
import org.postino.mailstore.MboxLocking;
import org.postino.server.FatalException;
import org.postino.suite.LocalParams;

/// The settings of local in main.cf, read once.
record LocalSettings(
        String delimiters,
        String mailOwner,
        String myOrigin,
        String mailName,
        String hostName,
        MailPlaces places,
        String mailboxCommand,
        List<String> mailboxCommandMaps,
        String mailboxTransport,
        List<String> mailboxTransportMaps,
        String fallbackTransport,
        List<String> fallbackTransportMaps,
        String luserRelay,
        String forwardPath,
        String defaultPrivs,
        Set<String> commandsFrom,
        Set<String> filesFrom,
        Set<String> propagatedFrom,
        Set<String> deliveredFieldIn,
        boolean frozenDelivered,
        boolean ownerSpecial,
        boolean expandOwner,
        Duration commandTime,
        String commandShell,
        String expansionFilter,
        List<String> exportEnvironment,
        long mailboxLimit,
        boolean strictOwnership,
        MboxLocking locking) {

    static LocalSettings of(Config c) {
        return new LocalSettings(
                c.get(MainParams.RECIPIENT_DELIMITER),
                c.get(MainParams.MAIL_OWNER),
                c.get(MainParams.MYORIGIN),
                c.get(MainParams.MAIL_NAME),
                c.get(MainParams.MYHOSTNAME),
                MailPlaces.of(c),
                c.get(LocalParams.MAILBOX_COMMAND),
                c.get(LocalParams.MAILBOX_COMMAND_MAPS),
                c.get(LocalParams.MAILBOX_TRANSPORT),
                c.get(LocalParams.MAILBOX_TRANSPORT_MAPS),
                c.get(LocalParams.FALLBACK_TRANSPORT),
                c.get(LocalParams.FALLBACK_TRANSPORT_MAPS),
                c.get(LocalParams.LUSER_RELAY),
                c.get(LocalParams.FORWARD_PATH),
                c.get(MainParams.DEFAULT_PRIVS),
                Set.copyOf(c.get(LocalParams.ALLOW_MAIL_TO_COMMANDS)),
                Set.copyOf(c.get(LocalParams.ALLOW_MAIL_TO_FILES)),
                Set.copyOf(c.get(MainParams.PROPAGATE_UNMATCHED_EXTENSIONS)),
                Set.copyOf(c.get(LocalParams.PREPEND_DELIVERED_HEADER)),
                c.get(LocalParams.FROZEN_DELIVERED_TO),
                c.get(LocalParams.OWNER_REQUEST_SPECIAL),
                c.get(LocalParams.EXPAND_OWNER_ALIAS),
                c.get(LocalParams.COMMAND_TIME_LIMIT),
                c.get(LocalParams.LOCAL_COMMAND_SHELL),
                c.get(LocalParams.COMMAND_EXPANSION_FILTER),
                c.get(MainParams.EXPORT_ENVIRONMENT),
                mailboxLimit(c, LocalParams.MAILBOX_SIZE_LIMIT),
                c.get(LocalParams.STRICT_MAILBOX_OWNERSHIP),
                locking(c, LocalParams.MAILBOX_DELIVERY_LOCK));
    }

    /// The largest size of a mailbox file; 0 for none.
    ///
    /// @throws FatalException a message may be larger
    static long mailboxLimit(Config c, Param<Long> limit) {
        if (LocalParams.isTooSmall(c, limit)) {
            throw new FatalException(
                    "main.cf configuration error: "
                            + limit.name()
                            + " is smaller than message_size_limit");
        }
        return c.get(limit);
    }

    static MboxLocking locking(Config c, Param<List<String>> kinds) {
        return new MboxLocking(
                MboxLocking.kinds(kinds.name(), c.get(kinds)),
                c.get(LocalParams.DELIVER_LOCK_DELAY)
                        .multipliedBy(c.get(LocalParams.DELIVER_LOCK_ATTEMPTS)),
                c.get(LocalParams.STALE_LOCK_TIME),
                false);
    }
}
