// SPDX-License-Identifier: Apache-2.0

package org.postino.routing;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.config.OwnNetworks;
import org.postino.config.Param;
import org.postino.message.Address;
import org.postino.table.Maps;
import org.postino.table.MatchList;
import org.postino.table.TableException;
import org.postino.table.Tables;
import org.postino.util.Cidr;

/// Decides where a recipient goes.
public final class Resolver {
    private static final int MOST_STEPS = 100;
    private static final int MAX_DOMAIN = 255;

    private final MatchList destination;
    private final MatchList virtualAliases;
    private final MatchList virtualMailboxes;
    private final MatchList relays;
    private final Maps transports;
    private final Maps relayhosts;
    private final Maps defaultTransports;
    private final Maps relocated;
    private final Config config;
    private final Transports params;
    private final String delimiters;
    private final String emptyRecipient;
    private final String myhostname;
    private final Rewriter rewriter;
    private final boolean dequote;
    private final boolean nullDomain;
    private final boolean numericDomain;
    private final boolean parentMatches;
    private @Nullable Set<InetAddress> own;

    /// The parameters that say where mail of a class goes.
    private record Transports(
            Param<String> local,
            Param<String> virtual,
            Param<String> relay,
            Param<String> other,
            Param<String> relayhost,
            Param<List<String>> maps,
            Param<List<String>> relayhosts,
            Param<List<String>> bySender) {
        static final Transports OF_MAIL =
                new Transports(
                        MainParams.LOCAL_TRANSPORT,
                        MainParams.VIRTUAL_TRANSPORT,
                        MainParams.RELAY_TRANSPORT,
                        MainParams.DEFAULT_TRANSPORT,
                        MainParams.RELAYHOST,
                        MainParams.TRANSPORT_MAPS,
                        MainParams.SENDER_DEPENDENT_RELAYHOST_MAPS,
                        MainParams.SENDER_DEPENDENT_DEFAULT_TRANSPORT_MAPS);
        static final Transports OF_PROBES =
                new Transports(
                        MainParams.ADDRESS_VERIFY_LOCAL_TRANSPORT,
                        MainParams.ADDRESS_VERIFY_VIRTUAL_TRANSPORT,
                        MainParams.ADDRESS_VERIFY_RELAY_TRANSPORT,
                        MainParams.ADDRESS_VERIFY_DEFAULT_TRANSPORT,
                        MainParams.ADDRESS_VERIFY_RELAYHOST,
                        MainParams.ADDRESS_VERIFY_TRANSPORT_MAPS,
                        MainParams.ADDRESS_VERIFY_SENDER_DEPENDENT_RELAYHOST_MAPS,
                        MainParams.ADDRESS_VERIFY_SENDER_DEPENDENT_DEFAULT_TRANSPORT_MAPS);
    }

    public Resolver(Config config, Tables tables) {
        this(config, tables, Transports.OF_MAIL);
    }

    /// The routes of probes of addresses, which `address_verify_*` may send another way than mail.
    public static Resolver ofProbes(Config config, Tables tables) {
        return new Resolver(config, tables, Transports.OF_PROBES);
    }

    private Resolver(Config config, Tables tables, Transports params) {
        this.config = config;
        this.params = params;
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
        transports = tables.withoutSubstitution().maps(config.get(params.maps()));
        relayhosts = tables.maps(config.get(params.relayhosts()));
        defaultTransports = tables.maps(config.get(params.bySender()));
        relocated = tables.maps(config.get(MainParams.RELOCATED_MAPS));
        delimiters = config.get(MainParams.RECIPIENT_DELIMITER);
        emptyRecipient = config.get(MainParams.EMPTY_ADDRESS_RECIPIENT);
        myhostname = config.get(MainParams.MYHOSTNAME);
        rewriter = new Rewriter(config);
        dequote = config.get(MainParams.RESOLVE_DEQUOTED_ADDRESS);
        nullDomain = config.get(MainParams.RESOLVE_NULL_DOMAIN);
        numericDomain = config.get(MainParams.RESOLVE_NUMERIC_DOMAIN);
    }

    /// Rewrites and resolves a recipient in internal form, as it will be delivered; `sender` decides where tables by sender are used. What this says is all that anybody may decide on.
    ///
    /// @throws TableException if a table cannot be asked: the caller defers
    public Resolved resolve(String sender, String recipient) throws TableException {
        var address = Address.parse(unrouted(recipient));
        if (!isValid(recipient, address)) {
            return new Resolved(
                    AddressClass.DEFAULT,
                    "error",
                    "5.1.3 bad address syntax",
                    address.toString(),
                    isRouted(address.localPart()),
                    false);
        }
        return finish(sender, classOf(address.domain()), address);
    }

    /// True if an address in internal form has, once it was rewritten, a domain that can be one.
    ///
    /// @throws TableException if a table cannot be asked
    public boolean isValid(String address) throws TableException {
        return isValid(address, Address.parse(unrouted(address)));
    }

    private boolean isValid(String given, Address address) {
        boolean vanished = !given.isEmpty() && rewriter.rewrite(given).isEmpty();
        return !vanished && isValidDomain(address.domain());
    }

    /// Rewrites an address in internal form (see [Rewriter#rewrite]).
    public String rewrite(String address) {
        return rewriter.rewrite(address);
    }

    /// The address, rewritten, without the domains of ours that lead to another: `user%site@here` is `user@site`. What has no domain gets `@$myhostname`.
    ///
    /// @throws TableException if a table cannot be asked
    public String unrouted(String given) throws TableException {
        String text = rewriter.rewrite(given);
        String home = null;
        for (int steps = given.length() + MOST_STEPS; steps > 0; steps--) {
            int at = text.lastIndexOf('@');
            text = at < 0 ? text : Rewriter.withoutLastDot(text);
            if (nullDomain && at >= 0 && at == text.length() - 1) {
                text = text.substring(0, at);
                at = text.lastIndexOf('@');
            }
            String local = text;
            if (at >= 0) {
                String domain = bracketed(text.substring(at + 1));
                if (!domain.isEmpty() && !local(domain)) {
                    return text.substring(0, at + 1) + domain;
                }
                home = domain;
                local = text.substring(0, at);
            }
            String next = step(local);
            if (next == null) {
                return local + "@" + (home == null ? myhostname : home);
            }
            text = next;
        }
        throw new TableException("address leads in a circle: " + given);
    }

    /// The address to which a local part at a domain of ours leads; null if the way ends there.
    private @Nullable String step(String local) {
        if (local.isEmpty()) {
            return emptyRecipient;
        }
        boolean quoted = new Address(local, "").isQuoted();
        if (quoted && !dequote) {
            return null;
        }
        String inner = quoted ? rewriter.unroutedQuoted(local) : rewriter.unrouted(local);
        return inner.indexOf('@') < 0 ? null : rewriter.rewrite(inner);
    }

    private String bracketed(String domain) {
        return numericDomain && Cidr.address(domain).isPresent() ? "[" + domain + "]" : domain;
    }

    private static boolean isValidDomain(String domain) {
        if (domain.startsWith("[")) {
            return literal(domain).isPresent();
        }
        if (domain.isEmpty() || domain.length() > MAX_DOMAIN || Cidr.address(domain).isPresent()) {
            return false;
        }
        char before = '.';
        for (int i = 0; i < domain.length(); i++) {
            char c = domain.charAt(i);
            boolean fits =
                    Character.isLetterOrDigit(c) || c == '-' || c == '_' || c >= 0x80 || c == '.';
            if (!fits || (c == '.' && before == '.')) {
                return false;
            }
            before = c;
        }
        return before != '.';
    }

    /// True if a server that gets this local part might take it for a way to somebody else; how it is set up nobody knows.
    private static boolean isRouted(String localPart) {
        return localPart.indexOf('@') >= 0
                || localPart.indexOf('%') >= 0
                || localPart.indexOf('!') >= 0;
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

    /// True if a domain is delivered with `local_transport`: it is in `mydestination` or is the literal of an address of ours.
    public boolean local(String domain) throws TableException {
        if (domain.startsWith("[")) {
            var literal = literal(domain);
            return literal.isPresent() && ownAddresses().contains(literal.get());
        }
        return destination.matches(domain);
    }

    /// The address in `[192.0.2.1]` or `[IPv6:2001:db8::1]`; empty for anything else.
    private static Optional<InetAddress> literal(String domain) {
        if (!domain.startsWith("[") || !domain.endsWith("]")) {
            return Optional.empty();
        }
        String text = domain.substring(1, domain.length() - 1);
        return Cidr.address(text.regionMatches(true, 0, "IPv6:", 0, 5) ? text.substring(5) : text);
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
        boolean routed = isRouted(address.localPart());
        String recipient = address.toString();
        var moved =
                addressClass == AddressClass.LOCAL
                        ? relocated.findLocal(recipient, delimiters)
                        : relocated.findAddress(recipient, delimiters);
        if (moved.isPresent()) {
            String text = "5.1.6 User has moved to " + moved.get();
            return new Resolved(addressClass, "error", text, recipient, routed, true);
        }
        var byClass = byClass(sender, addressClass, address.domain());
        var route = route(address).orElse(new Route("", ""));
        String transport = route.name().isEmpty() ? byClass.name() : route.name();
        String nexthop = route.nexthop();
        if (nexthop.isEmpty()) {
            nexthop =
                    route.name().isEmpty()
                            ? byClass.nexthop()
                            : route.withDefault(address.domain()).nexthop();
        }
        return new Resolved(addressClass, transport, nexthop, recipient, routed, true);
    }

    /// A transport and next hop as written `name:nexthop`, either part possibly empty. What follows `error` and `retry` is a text for people, and no host takes its place.
    private record Route(String name, String nexthop) {
        static Route parse(String text) {
            int colon = text.indexOf(':');
            return colon < 0
                    ? new Route(text.strip(), "")
                    : new Route(
                            text.substring(0, colon).strip(), text.substring(colon + 1).strip());
        }

        Route withDefault(String other) {
            boolean given = !nexthop.isEmpty() || name.equals("error") || name.equals("retry");
            return given ? this : new Route(name, other);
        }
    }

    private Route byClass(String sender, AddressClass addressClass, String domain)
            throws TableException {
        return switch (addressClass) {
            case LOCAL -> Route.parse(config.get(params.local())).withDefault(domain);
            case VIRTUAL_ALIAS -> new Route("error", "5.1.1 User unknown in virtual alias table");
            case VIRTUAL_MAILBOX -> Route.parse(config.get(params.virtual())).withDefault(domain);
            case RELAY ->
                    Route.parse(config.get(params.relay()))
                            .withDefault(relayhost(sender).orElse(domain));
            case DEFAULT -> defaultRoute(sender).withDefault(relayhost(sender).orElse(domain));
        };
    }

    private Route defaultRoute(String sender) throws TableException {
        var bySender = findSender(defaultTransports, sender);
        String transport = bySender.orElse(config.get(params.other()));
        return Route.parse(
                transport.equalsIgnoreCase("DUNNO") ? config.get(params.other()) : transport);
    }

    private Optional<String> relayhost(String sender) throws TableException {
        var bySender = findSender(relayhosts, sender);
        if (bySender.isPresent() && !bySender.get().equalsIgnoreCase("DUNNO")) {
            return bySender;
        }
        String relayhost = config.get(params.relayhost());
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
