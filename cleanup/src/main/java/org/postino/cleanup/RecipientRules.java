// SPDX-License-Identifier: Apache-2.0

package org.postino.cleanup;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.config.Param;
import org.postino.message.Address;
import org.postino.message.AddressList;
import org.postino.queue.Recipient;
import org.postino.routing.AddressMapping;
import org.postino.routing.Resolver;
import org.postino.routing.Rewriter;
import org.postino.suite.CleanupParams;
import org.postino.table.TableException;
import org.postino.table.Tables;

/// Addresses of envelope and header: completed, mapped by canonical(5), masqueraded, and recipients replaced by virtual(5).
final class RecipientRules {
    /// The error of virtual aliases that lead to more addresses, or deeper, than the limits allow.
    static final class ExpansionException extends Exception {
        private final String address;

        ExpansionException(String address) {
            super("unreasonable virtual alias expansion");
            this.address = address;
        }

        String address() {
            return address;
        }
    }

    private static final String NEVER = "NEVER";

    private final Rewriter rewriter;
    private final Resolver resolver;
    private final List<AddressMapping> envelopeSender;
    private final List<AddressMapping> envelopeRecipient;
    private final List<AddressMapping> headerSender;
    private final List<AddressMapping> headerRecipient;
    private final Masquerade masquerade;
    private final @Nullable Rewriter remote;
    private final AddressMapping virtual;
    private final AddressMapping senderBcc;
    private final AddressMapping recipientBcc;
    private final String alwaysBcc;
    private final CleanupSettings settings;

    RecipientRules(Config config, CleanupSettings settings, Tables tables) {
        this(config, settings, new Mappings(config, settings, tables, true));
    }

    /// Rules that complete addresses, and neither replace nor add any.
    static RecipientRules withoutMappings(Config config, CleanupSettings settings, Tables tables) {
        return new RecipientRules(config, settings, new Mappings(config, settings, tables, false));
    }

    private RecipientRules(Config config, CleanupSettings settings, Mappings mappings) {
        this.settings = settings;
        rewriter = new Rewriter(config);
        String domain = config.get(CleanupParams.REMOTE_HEADER_REWRITE_DOMAIN);
        remote = domain.isEmpty() ? null : new Rewriter(config, domain);
        masquerade = mappings.masquerade();
        resolver = mappings.resolver();
        envelopeSender = mappings.canonical("sender", "envelope_sender");
        envelopeRecipient = mappings.canonical("recipient", "envelope_recipient");
        headerSender = mappings.canonical("sender", "header_sender");
        headerRecipient = mappings.canonical("recipient", "header_recipient");
        virtual = mappings.of(MainParams.VIRTUAL_ALIAS_MAPS, "virtual");
        senderBcc = mappings.of(CleanupParams.SENDER_BCC_MAPS, "");
        recipientBcc = mappings.of(CleanupParams.RECIPIENT_BCC_MAPS, "");
        alwaysBcc = mappings.wanted() ? settings.alwaysBcc() : "";
    }

    /// The envelope sender as it goes into the queue; the null sender stays.
    String sender(String address) throws TableException {
        return address.isEmpty()
                ? ""
                : masquerade.shown(
                        canonical(rewriter, rewriter.rewrite(address), envelopeSender),
                        "envelope_sender");
    }

    /// A recipient with its address completed and mapped by canonical(5).
    Recipient recipient(Recipient given) throws TableException {
        String mapped = canonical(rewriter, resolver.unrouted(given.address()), envelopeRecipient);
        return given.withAddress(masquerade.shown(resolver.unrouted(mapped), "envelope_recipient"));
    }

    /// The recipients that one of [#recipient] stands for: in most cases itself.
    List<Recipient> expanded(Recipient given) throws TableException, ExpansionException {
        if (virtual.maps().isEmpty()) {
            return List.of(given);
        }
        var found = new ArrayList<String>();
        new Expansion(given.address(), found).expand(given.address(), 0);
        var recipients = new ArrayList<Recipient>(found.size());
        for (String a : found) {
            recipients.add(given.withAddress(a));
        }
        return recipients;
    }

    /// The hidden recipients that configuration adds to a message from this sender.
    List<Recipient> copiesFor(String sender) throws TableException {
        var copies = new ArrayList<Recipient>();
        if (!alwaysBcc.isEmpty()) {
            for (String address : AddressList.parse(alwaysBcc).addresses()) {
                copies.add(copy(address));
            }
        }
        for (String address : senderBcc.map(sender)) {
            copies.add(copy(address));
        }
        return copies;
    }

    /// The hidden recipients that configuration adds for one of [#recipient], whatever it stands for.
    List<Recipient> copiesFor(Recipient r) throws TableException {
        var copies = new ArrayList<Recipient>();
        for (String address : recipientBcc.map(r.address())) {
            copies.add(copy(address));
        }
        return copies;
    }

    /// The hidden recipients at these addresses.
    List<Recipient> copies(Collection<String> addresses) throws TableException {
        var copies = new ArrayList<Recipient>();
        for (String address : addresses) {
            copies.add(copy(address));
        }
        return copies;
    }

    private Recipient copy(String address) throws TableException {
        return Recipient.of(resolver.unrouted(address), address, NEVER, "");
    }

    /// True if header fields of mail from elsewhere are rewritten too.
    boolean rewritesRemote() {
        return remote != null;
    }

    /// An address of a header field, completed, mapped and masqueraded.
    ///
    /// @param local the message is one of ours; one from elsewhere has other domains completed
    String header(String address, boolean sender, boolean local) throws TableException {
        Rewriter completing = local || remote == null ? rewriter : remote;
        String mapped =
                canonical(
                        completing,
                        completing.rewrite(address),
                        sender ? headerSender : headerRecipient);
        return masquerade.shown(mapped, sender ? "header_sender" : "header_recipient");
    }

    private static String canonical(
            Rewriter completing, String address, List<AddressMapping> mappings)
            throws TableException {
        String result = address;
        for (AddressMapping m : mappings) {
            Optional<String> mapped = m.mapToOne(result);
            if (mapped.isPresent()) {
                result = completing.rewrite(mapped.get());
            }
        }
        return result;
    }

    /// Follows virtual aliases to their ends; the limits end a circle.
    private final class Expansion {
        private final String start;
        private final List<String> found;
        private long lookups;

        Expansion(String start, List<String> found) {
            this.start = start;
            this.found = found;
        }

        void expand(String address, int depth) throws TableException, ExpansionException {
            long most = settings.virtualExpansionLimit() + settings.virtualRecursionLimit();
            if (depth > settings.virtualRecursionLimit()
                    || ++lookups > most
                    || address.length() > settings.virtualLengthLimit()) {
                throw new ExpansionException(start);
            }
            List<String> targets = virtual.map(address);
            if (targets.isEmpty()) {
                end(address);
            }
            for (String target : targets) {
                String next = resolver.unrouted(target);
                if (next.equalsIgnoreCase(address)) {
                    end(next); // an alias that contains itself: deliver there too
                } else {
                    expand(next, depth + 1);
                }
            }
        }

        private void end(String address) throws ExpansionException {
            found.add(address);
            if (found.size() > settings.virtualExpansionLimit()) {
                throw new ExpansionException(start);
            }
        }
    }

    /// Makes the mappings that main.cf describes.
    ///
    /// @param wanted false: they are all empty
    private record Mappings(
            Config config,
            CleanupSettings settings,
            Tables tables,
            Resolver resolver,
            boolean wanted) {
        Mappings(Config config, CleanupSettings settings, Tables tables, boolean wanted) {
            this(config, settings, tables, new Resolver(config, tables), wanted);
        }

        Masquerade masquerade() {
            return wanted ? Masquerade.of(config, tables) : Masquerade.none(tables);
        }

        AddressMapping of(Param<List<String>> tablesParam, String propagateWord) {
            return new AddressMapping(
                    tablesParam.name(),
                    tables.maps(wanted ? config.get(tablesParam) : List.of()),
                    settings.delimiter(),
                    resolver::local,
                    config.get(MainParams.PROPAGATE_UNMATCHED_EXTENSIONS).contains(propagateWord));
        }

        /// The tables that are meant for this class of addresses: first those for senders or recipients alone, then those for both.
        List<AddressMapping> canonical(String side, String addressClass) {
            boolean sender = side.equals("sender");
            var mappings = new ArrayList<AddressMapping>();
            add(
                    mappings,
                    sender
                            ? CleanupParams.SENDER_CANONICAL_MAPS
                            : CleanupParams.RECIPIENT_CANONICAL_MAPS,
                    sender
                            ? CleanupParams.SENDER_CANONICAL_CLASSES
                            : CleanupParams.RECIPIENT_CANONICAL_CLASSES,
                    addressClass);
            add(
                    mappings,
                    CleanupParams.CANONICAL_MAPS,
                    CleanupParams.CANONICAL_CLASSES,
                    addressClass);
            return List.copyOf(mappings);
        }

        private void add(
                List<AddressMapping> mappings,
                Param<List<String>> maps,
                Param<List<String>> classes,
                String addressClass) {
            if (wanted
                    && !config.get(maps).isEmpty()
                    && config.get(classes).contains(addressClass)) {
                mappings.add(of(maps, "canonical"));
            }
        }
    }

    /// The key that duplicates of a recipient have in common.
    Optional<String> duplicateKey(Recipient r, int known) {
        if (settings.duplicateLimit() > 0 && known >= settings.duplicateLimit()) {
            return Optional.empty();
        }
        String key = Address.parse(r.address()).key();
        return Optional.of(
                settings.originalRecipient()
                        ? key + '\0' + Address.parse(r.original()).key() + '\0' + r.orcpt()
                        : key);
    }
}
