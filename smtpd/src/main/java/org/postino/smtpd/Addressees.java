// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postino.global.address.AddressClass;
import org.postino.global.address.Resolved;
import org.postino.global.address.Resolver;
import org.postino.global.config.Config;
import org.postino.global.config.MainParams;
import org.postino.global.config.SmtpdParams;
import org.postino.global.smtp.EnhancedStatus;
import org.postino.global.table.Maps;
import org.postino.global.table.TableException;
import org.postino.global.table.Tables;
import org.postino.net.smtp.Mailbox;

/// Knows where addresses lead and whether they exist here, before any mail for them is taken.
final class Addressees {
    private static final EnhancedStatus NO_SUCH_USER = new EnhancedStatus(5, 1, 1);
    private static final EnhancedStatus NO_SUCH_SENDER = new EnhancedStatus(5, 1, 0);

    private final Resolver resolver;
    private final String delimiters;
    private final Maps aliases;
    private final Maps locals;
    private final Maps mailboxes;
    private final Maps relayed;
    private final int localCode;
    private final int aliasCode;
    private final int mailboxCode;
    private final int relayCode;
    private final boolean nameTable;
    private final boolean untrustedRouting;

    Addressees(Config config, Tables tables) {
        resolver = new Resolver(config, tables);
        delimiters = config.get(MainParams.RECIPIENT_DELIMITER);
        aliases = tables.maps(config.get(MainParams.VIRTUAL_ALIAS_MAPS));
        locals = tables.maps(config.get(MainParams.LOCAL_RECIPIENT_MAPS));
        mailboxes = tables.maps(config.get(MainParams.VIRTUAL_MAILBOX_MAPS));
        relayed = tables.maps(config.get(MainParams.RELAY_RECIPIENT_MAPS));
        localCode = config.get(SmtpdParams.UNKNOWN_LOCAL_RECIPIENT_REJECT_CODE).intValue();
        aliasCode = config.get(SmtpdParams.UNKNOWN_VIRTUAL_ALIAS_REJECT_CODE).intValue();
        mailboxCode = config.get(SmtpdParams.UNKNOWN_VIRTUAL_MAILBOX_REJECT_CODE).intValue();
        relayCode = config.get(SmtpdParams.UNKNOWN_RELAY_RECIPIENT_REJECT_CODE).intValue();
        untrustedRouting = config.get(MainParams.ALLOW_UNTRUSTED_ROUTING);
        nameTable = config.get(SmtpdParams.SHOW_USER_UNKNOWN_TABLE_NAME);
    }

    /// Where an address leads, as cleanup, qmgr and local will see it too.
    Resolved resolve(@Nullable Mailbox sender, Mailbox address) throws TableException {
        return resolver.resolve(sender == null ? "" : sender.toString(), address.toString());
    }

    /// Whether mail to this recipient is ours to take: it stays here, or goes to a domain that we relay to, and nobody there is asked to send it on.
    boolean isAuthorizedDestination(Facts facts) throws TableException {
        Mailbox recipient = facts.recipient();
        if (recipient == null) {
            return true;
        }
        Resolved resolved = resolve(facts.sender(), recipient);
        return resolved.addressClass() != AddressClass.DEFAULT
                && (untrustedRouting || !resolved.routed());
    }

    /// Refuses an address in a domain of ours that does not exist; no opinion on all others.
    Verdict listed(@Nullable Mailbox sender, Mailbox mailbox, Subject subject)
            throws TableException {
        Resolved resolved = resolve(sender, mailbox);
        AddressClass kind = resolved.addressClass();
        if (isAlias(resolved)) {
            return Verdict.DUNNO;
        }
        Maps maps =
                switch (kind) {
                    case LOCAL -> locals;
                    case VIRTUAL_MAILBOX -> mailboxes;
                    case RELAY -> relayed;
                    case VIRTUAL_ALIAS, DEFAULT -> null;
                };
        if (kind == AddressClass.VIRTUAL_ALIAS
                || (maps != null && !maps.isEmpty() && find(maps, resolved).isEmpty())) {
            return unknown(kind, subject);
        }
        return resolved.transport().equals("error")
                ? leadsToError(resolved.nexthop(), subject)
                : Verdict.DUNNO;
    }

    private boolean isAlias(Resolved resolved) throws TableException {
        return !aliases.isEmpty() && find(aliases, resolved).isPresent();
    }

    private Optional<String> find(Maps maps, Resolved resolved) throws TableException {
        return resolved.addressClass() == AddressClass.LOCAL
                ? maps.findLocal(resolved.recipient(), delimiters)
                : maps.findAddress(resolved.recipient(), delimiters);
    }

    private Verdict unknown(AddressClass kind, Subject subject) {
        int code =
                switch (kind) {
                    case LOCAL, DEFAULT -> localCode;
                    case VIRTUAL_ALIAS -> aliasCode;
                    case VIRTUAL_MAILBOX -> mailboxCode;
                    case RELAY -> relayCode;
                };
        String table =
                switch (kind) {
                    case LOCAL, DEFAULT -> "local recipient";
                    case VIRTUAL_ALIAS -> "virtual alias";
                    case VIRTUAL_MAILBOX -> "virtual mailbox";
                    case RELAY -> "relay recipient";
                };
        var status = subject.kind() == Subject.Kind.SENDER ? NO_SUCH_SENDER : NO_SUCH_USER;
        return subject.refuse(
                code, status, "User unknown" + (nameTable ? " in " + table + " table" : ""));
    }

    /// A transport `error:5.1.6 text` says beforehand what delivery would say.
    private Verdict leadsToError(String text, Subject subject) {
        int blank = text.indexOf(' ');
        var status = EnhancedStatus.parse(blank < 0 ? text : text.substring(0, blank)).orElse(null);
        if (status == null || status.severity() == 2) {
            return subject.refuse(550, new EnhancedStatus(5, 0, 0), text);
        }
        int code = status.severity() == 4 ? 450 : 550;
        return subject.refuse(code, status, blank < 0 ? "" : text.substring(blank + 1).strip());
    }
}
