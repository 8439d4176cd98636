// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.message.Address;
import org.postino.queue.ProbeSender;
import org.postino.routing.AddressClass;
import org.postino.routing.Resolved;
import org.postino.routing.Resolver;
import org.postino.smtp.EnhancedStatus;
import org.postino.smtp.StatusText;
import org.postino.suite.CleanupParams;
import org.postino.suite.SmtpdParams;
import org.postino.table.Maps;
import org.postino.table.TableException;
import org.postino.table.Tables;

/// Knows where addresses lead and whether they exist here, before any mail for them is taken.
final class AddressLookup {
    private static final EnhancedStatus NO_SUCH_USER = new EnhancedStatus(5, 1, 1);
    private static final EnhancedStatus NO_SUCH_SENDER = new EnhancedStatus(5, 1, 0);

    private final Resolver resolver;
    private final String delimiters;
    private final Maps recipientCanonical;
    private final Maps senderCanonical;
    private final Maps canonical;
    private final Maps aliases;
    private final Maps locals;
    private final Maps mailboxes;
    private final Maps relayed;
    private final int localCode;
    private final int aliasCode;
    private final int mailboxCode;
    private final int relayCode;
    private final String doubleBounce;
    private final ProbeSender probes;
    private final boolean nameTable;
    private final boolean untrustedRouting;

    AddressLookup(Config config, Tables tables) {
        resolver = new Resolver(config, tables);
        delimiters = config.get(MainParams.RECIPIENT_DELIMITER);
        recipientCanonical = tables.maps(config.get(CleanupParams.RECIPIENT_CANONICAL_MAPS));
        senderCanonical = tables.maps(config.get(CleanupParams.SENDER_CANONICAL_MAPS));
        canonical = tables.maps(config.get(CleanupParams.CANONICAL_MAPS));
        aliases = tables.maps(config.get(MainParams.VIRTUAL_ALIAS_MAPS));
        locals = tables.maps(config.get(MainParams.LOCAL_RECIPIENT_MAPS));
        mailboxes = tables.withoutSubstitution().maps(config.get(MainParams.VIRTUAL_MAILBOX_MAPS));
        relayed = tables.maps(config.get(MainParams.RELAY_RECIPIENT_MAPS));
        localCode = config.get(SmtpdParams.UNKNOWN_LOCAL_RECIPIENT_REJECT_CODE).intValue();
        aliasCode = config.get(SmtpdParams.UNKNOWN_VIRTUAL_ALIAS_REJECT_CODE).intValue();
        mailboxCode = config.get(SmtpdParams.UNKNOWN_VIRTUAL_MAILBOX_REJECT_CODE).intValue();
        relayCode = config.get(SmtpdParams.UNKNOWN_RELAY_RECIPIENT_REJECT_CODE).intValue();
        untrustedRouting = config.get(MainParams.ALLOW_UNTRUSTED_ROUTING);
        doubleBounce = config.get(MainParams.DOUBLE_BOUNCE_SENDER);
        probes = ProbeSender.of(config);
        nameTable = config.get(SmtpdParams.SHOW_USER_UNKNOWN_TABLE_NAME);
    }

    /// Resolves an address as cleanup, qmgr and local will do it too.
    Resolved resolve(@Nullable Address sender, Address address) throws TableException {
        String from = sender == null ? "" : resolver.rewrite(sender.toString());
        return resolver.resolve(from, address.toString());
    }

    /// The address as tables know it: rewritten, and without the domains of ours that only lead to another.
    Address address(Address mailbox) throws TableException {
        return Address.parse(resolver.unrouted(mailbox.toString()));
    }

    /// True if this is an address once it was rewritten, or the null sender. While a table cannot be asked it is: whoever needs to
    /// know defers.
    boolean isValid(Address mailbox) {
        try {
            return mailbox.isNull() || resolver.isValid(mailbox.toString());
        } catch (TableException e) {
            return true;
        }
    }

    /// True if mail to the recipient is ours to take: it stays here, or goes to a domain that we relay to, and nobody there is asked to send it on.
    boolean isAuthorizedDestination(Facts facts) throws TableException {
        Address recipient = facts.recipient();
        return recipient == null || resolve(facts.sender(), recipient).isOurs(untrustedRouting);
    }

    /// Refuses an address in a domain of ours that does not exist; no opinion on all others.
    Verdict listed(@Nullable Address sender, Address mailbox, Subject subject)
            throws TableException {
        Resolved resolved = resolve(sender, mailbox);
        AddressClass kind = resolved.addressClass();
        if (isMapped(resolved, subject.kind()) || isAlwaysHere(resolved)) {
            return Verdict.DUNNO;
        }
        if (kind == AddressClass.VIRTUAL_ALIAS) {
            return unknown(kind, subject);
        }
        switch (resolved.transport()) {
            case "error" -> {
                return leadsToError(resolved.nexthop(), subject, 550);
            }
            case "retry" -> {
                return leadsToError(resolved.nexthop(), subject, 450);
            }
            default -> {}
        }
        Maps maps =
                switch (kind) {
                    case LOCAL -> locals;
                    case VIRTUAL_MAILBOX -> mailboxes;
                    case RELAY -> relayed;
                    case VIRTUAL_ALIAS, DEFAULT -> null;
                };
        return maps != null && !maps.isEmpty() && find(maps, resolved).isEmpty()
                ? unknown(kind, subject)
                : Verdict.DUNNO;
    }

    /// True if cleanup replaces the address by others. Then it is they who must exist.
    private boolean isMapped(Resolved resolved, Subject.Kind kind) throws TableException {
        return find(recipientCanonical, resolved).isPresent()
                || (kind == Subject.Kind.SENDER && find(senderCanonical, resolved).isPresent())
                || find(canonical, resolved).isPresent()
                || find(aliases, resolved).isPresent();
    }

    /// The names that this system itself writes as, and postmaster, whom every domain has (RFC 5321, 4.5.1).
    private boolean isAlwaysHere(Resolved resolved) {
        String name = Address.parse(resolved.recipient()).localPart();
        return resolved.addressClass() == AddressClass.LOCAL
                && (name.equalsIgnoreCase(doubleBounce)
                        || probes.isOne(resolved.recipient(), Instant.now())
                        || name.equalsIgnoreCase("mailer-daemon")
                        || name.equalsIgnoreCase("postmaster"));
    }

    private Optional<String> find(Maps maps, Resolved resolved) throws TableException {
        if (maps.isEmpty()) {
            return Optional.empty();
        }
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
        return subject.refuse(
                code,
                undeliverable(subject),
                "User unknown" + (nameTable ? " in " + table + " table" : ""));
    }

    /// A transport `error:5.1.6 text` or `retry:4.3.2 text` says beforehand what delivery would say.
    private static Verdict leadsToError(String text, Subject subject, int code) {
        var stated = StatusText.of(text);
        return subject.refuse(
                code,
                stated.statusOr(undeliverable(subject)),
                stated.text().isEmpty() ? "Address is undeliverable" : stated.text());
    }

    private static EnhancedStatus undeliverable(Subject subject) {
        return subject.kind() == Subject.Kind.SENDER ? NO_SUCH_SENDER : NO_SUCH_USER;
    }
}
