// SPDX-License-Identifier: Apache-2.0

package org.postino.global.address;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postino.global.config.Config;
import org.postino.global.config.MainParams;
import org.postino.global.table.Maps;
import org.postino.global.table.MatchList;
import org.postino.global.table.TableException;
import org.postino.global.table.Tables;

/// Decides where a recipient goes.
public final class Resolver {
    private final MatchList destination;
    private final MatchList virtualAliases;
    private final MatchList virtualMailboxes;
    private final MatchList relays;
    private final Maps transports;
    private final Maps relayhosts;
    private final Maps defaultTransports;
    private final Maps relocated;
    private final Config config;
    private final String delimiters;
    private final String emptyRecipient;
    private final boolean percentHack;
    private final boolean parentMatches;
    private @Nullable Set<InetAddress> own;

    public Resolver(Config config, Tables tables) {
        this.config = config;
        destination = MatchList.domains(config.get(MainParams.MYDESTINATION), tables, false);
        virtualAliases =
                MatchList.domains(config.get(MainParams.VIRTUAL_ALIAS_DOMAINS), tables, false);
        virtualMailboxes =
                MatchList.domains(config.get(MainParams.VIRTUAL_MAILBOX_DOMAINS), tables, false);
        var parents = config.get(MainParams.PARENT_DOMAIN_MATCHES_SUBDOMAINS);
        relays =
                MatchList.domains(
                        config.get(MainParams.RELAY_DOMAINS),
                        tables,
                        parents.contains("relay_domains"));
        parentMatches = parents.contains("transport_maps");
        transports = tables.maps(config.get(MainParams.TRANSPORT_MAPS));
        relayhosts = tables.maps(config.get(MainParams.SENDER_DEPENDENT_RELAYHOST_MAPS));
        defaultTransports =
                tables.maps(config.get(MainParams.SENDER_DEPENDENT_DEFAULT_TRANSPORT_MAPS));
        relocated = tables.maps(config.get(MainParams.RELOCATED_MAPS));
        delimiters = config.get(MainParams.RECIPIENT_DELIMITER);
        emptyRecipient = config.get(MainParams.EMPTY_ADDRESS_RECIPIENT);
        percentHack = config.get(MainParams.ALLOW_PERCENT_HACK);
    }

    /// Resolves a recipient in internal form, rewritten already; `sender` decides where tables by sender are used.
    ///
    /// @throws TableException if a table cannot be asked: the caller defers
    public Resolved resolve(String sender, String recipient) throws TableException {
        var address = Address.parse(recipient.isEmpty() ? emptyRecipient : recipient);
        while (!address.domain().isEmpty() && local(address.domain())) {
            var inner = Address.parse(stripped(address.localPart()));
            if (inner.domain().isEmpty()) {
                return finish(sender, AddressClass.LOCAL, address);
            }
            address = inner;
        }
        if (address.domain().isEmpty()) {
            address = new Address(address.localPart(), config.get(MainParams.MYORIGIN));
            if (local(address.domain())) {
                return finish(sender, AddressClass.LOCAL, address);
            }
        }
        return finish(sender, classOf(address.domain()), address);
    }

    /// `user%site` at one of our own domains is mail to `site`.
    private String stripped(String localPart) {
        int percent = percentHack ? localPart.lastIndexOf('%') : -1;
        return percent > 0 && percent < localPart.length() - 1
                ? localPart.substring(0, percent) + "@" + localPart.substring(percent + 1)
                : localPart.indexOf('@') >= 0 && !percentHack
                        ? localPart.replace('@', '%')
                        : localPart;
    }

    /// The class of a domain.
    public AddressClass classOf(String domain) throws TableException {
        String key = domain.toLowerCase(Locale.ROOT);
        if (local(key)) {
            return AddressClass.LOCAL;
        }
        if (virtualAliases.matches(key)) {
            return AddressClass.VIRTUAL_ALIAS;
        }
        if (virtualMailboxes.matches(key)) {
            return AddressClass.VIRTUAL_MAILBOX;
        }
        return relays.matches(key) ? AddressClass.RELAY : AddressClass.DEFAULT;
    }

    /// Whether a domain is delivered with `local_transport`: it is in `mydestination` or is the literal of an address of ours.
    public boolean local(String domain) throws TableException {
        if (domain.startsWith("[") && domain.endsWith("]")) {
            String text = domain.substring(1, domain.length() - 1);
            var literal =
                    Cidr.address(
                            text.regionMatches(true, 0, "IPv6:", 0, 5) ? text.substring(5) : text);
            return literal.isPresent() && ownAddresses().contains(literal.get());
        }
        return destination.matches(domain);
    }

    private synchronized Set<InetAddress> ownAddresses() {
        if (own == null) {
            var addresses = new ArrayList<>(OwnNetworks.addresses(config));
            for (var name : config.get(MainParams.PROXY_INTERFACES)) {
                Cidr.address(name).ifPresent(addresses::add);
            }
            own = Set.copyOf(addresses);
        }
        return own;
    }

    private Resolved finish(String sender, AddressClass addressClass, Address address)
            throws TableException {
        String recipient = address.toString();
        var moved = relocated.findAddress(recipient, delimiters);
        if (moved.isPresent()) {
            return new Resolved(
                    addressClass, "error", "5.1.6 User has moved to " + moved.get(), recipient);
        }
        var byClass = byClass(sender, addressClass, address.domain());
        var route = route(address);
        if (route.isEmpty()) {
            return new Resolved(addressClass, byClass.name(), byClass.nexthop(), recipient);
        }
        String transport = route.get().name().isEmpty() ? byClass.name() : route.get().name();
        String nexthop = route.get().nexthop();
        if (nexthop.isEmpty()) {
            nexthop = route.get().name().isEmpty() ? byClass.nexthop() : address.domain();
        }
        return new Resolved(addressClass, transport, nexthop, recipient);
    }

    /// A transport and next hop as written `name:nexthop`, either part possibly empty.
    private record Route(String name, String nexthop) {
        static Route parse(String text) {
            int colon = text.indexOf(':');
            return colon < 0
                    ? new Route(text.strip(), "")
                    : new Route(
                            text.substring(0, colon).strip(), text.substring(colon + 1).strip());
        }

        Route withDefault(String other) {
            return nexthop.isEmpty() ? new Route(name, other) : this;
        }
    }

    private Route byClass(String sender, AddressClass addressClass, String domain)
            throws TableException {
        return switch (addressClass) {
            case LOCAL -> Route.parse(config.get(MainParams.LOCAL_TRANSPORT)).withDefault(domain);
            case VIRTUAL_ALIAS -> new Route("error", "5.1.1 User unknown in virtual alias table");
            case VIRTUAL_MAILBOX ->
                    Route.parse(config.get(MainParams.VIRTUAL_TRANSPORT)).withDefault(domain);
            case RELAY ->
                    Route.parse(config.get(MainParams.RELAY_TRANSPORT))
                            .withDefault(relayhost(sender).orElse(domain));
            case DEFAULT -> defaultRoute(sender).withDefault(relayhost(sender).orElse(domain));
        };
    }

    private Route defaultRoute(String sender) throws TableException {
        var bySender = findSender(defaultTransports, sender);
        String transport = bySender.orElse(config.get(MainParams.DEFAULT_TRANSPORT));
        return Route.parse(
                transport.equalsIgnoreCase("DUNNO")
                        ? config.get(MainParams.DEFAULT_TRANSPORT)
                        : transport);
    }

    private Optional<String> relayhost(String sender) throws TableException {
        var bySender = findSender(relayhosts, sender);
        if (bySender.isPresent()) {
            return bySender.get().equalsIgnoreCase("DUNNO") ? Optional.empty() : bySender;
        }
        String relayhost = config.get(MainParams.RELAYHOST);
        return relayhost.isEmpty() ? Optional.empty() : Optional.of(relayhost);
    }

    private Optional<String> findSender(Maps maps, String sender) throws TableException {
        return maps.findAddress(sender.isEmpty() ? "<>" : sender, delimiters);
    }

    /// Looks in `transport_maps` for the address, its domain, its parent domains, and `*`.
    private Optional<Route> route(Address address) throws TableException {
        if (transports.isEmpty()) {
            return Optional.empty();
        }
        String domain = address.domain().toLowerCase(Locale.ROOT);
        var found = transports.findMailbox(address.toString(), delimiters);
        var keys = new ArrayList<>(List.of(domain));
        for (int dot = domain.indexOf('.', 1); dot > 0; dot = domain.indexOf('.', dot + 1)) {
            keys.add(domain.substring(parentMatches ? dot + 1 : dot));
        }
        keys.add("*");
        for (int i = 0; i < keys.size() && found.isEmpty(); i++) {
            found = transports.find(keys.get(i));
        }
        return found.map(Route::parse);
    }
}
