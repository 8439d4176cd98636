// SPDX-License-Identifier: Apache-2.0

package org.postino.local;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postino.message.Address;
import org.postino.routing.AddressClass;
import org.postino.smtp.Delivery;
import org.postino.smtp.Dsn;
import org.postino.table.TableException;
import org.postino.util.ByteNames;

/// Delivers to what an alias or a `.forward` file stands for.
///
/// What is tried again is tried again whole, so as little as possible is done before something that may have to wait. Addresses
/// are given to cleanup first, all in one new message, but that is ended last. Between come the name's own mailbox, files
/// and commands; at the first of them that has to wait the rest is left for the next time.
final class Expansion {
    private static final int MOST_INCLUDES = 20;

    private final LocalDelivery delivery;
    private final LocalContext context;
    private final String name;
    private final String key;
    private final Set<String> chain;
    private final Rights rights;
    private final @Nullable Account forwarding;
    private final FilesAndCommands named;
    private final List<Named> files = new ArrayList<>();
    private final List<Target.To> direct = new ArrayList<>();
    private final List<Named> commands = new ArrayList<>();
    private final List<Delivery> outcomes = new ArrayList<>();
    private final Set<String> addresses = new LinkedHashSet<>();
    private String unmatched = "";
    private int includes;
    private boolean list;

    /// The name of a file, or a command.
    private record Named(String text, Rights rights) {}

    /// @param name the local name that is expanded, as it was given
    /// @param key the alias, in lower case, or the mark of a `.forward` file
    /// @param chain what was expanded before
    /// @param rights those of files and commands
    /// @param forwarding whose `.forward` file it is; null for an alias
    Expansion(
            LocalDelivery delivery,
            String name,
            String key,
            Set<String> chain,
            Rights rights,
            @Nullable Account forwarding) {
        this.delivery = delivery;
        this.context = delivery.context();
        this.name = name;
        this.key = key;
        var longer = new HashSet<>(chain);
        longer.add(key);
        this.chain = Set.copyOf(longer);
        this.rights = rights;
        this.forwarding = forwarding;
        this.named = new FilesAndCommands(delivery, name, forwarding);
    }

    /// Delivers.
    ///
    /// @param given what the name stands for
    /// @param unmatched the extension of the name, with its delimiter, that was not looked up with it
    Delivery run(List<Target> given, String unmatched) throws IOException, TableException {
        this.unmatched = unmatched;
        String origin = forwarding == null ? "alias" : "forward";
        List<Target> targets = propagated(given, origin);
        Optional<String> owner = forwarding == null ? owner() : Optional.empty();
        list = owner.isPresent();
        if (targets.size() == 1
                && owner.isEmpty()
                && targets.getFirst() instanceof Target.To to
                && !to.direct()) {
            Optional<String> local = local(to.address());
            if (local.isPresent()) {
                return own(local.get())
                        ? delivery.toUser(local.get(), chain)
                        : delivery.toName(local.get(), chain);
            }
        }
        for (Target target : targets) {
            one(target, origin, rights);
        }
        if (mustWait()) {
            return sum();
        }
        if (addresses.isEmpty()) {
            deliverHere();
            return sum();
        }
        try (Forwarder.Prepared message =
                context.forwarder()
                        .prepare(
                                delivery.message(),
                                sender(owner),
                                delivery.recipient(),
                                delivery.deliveredTo(name, "forward"),
                                addresses)) {
            if (message.isReady()) {
                deliverHere();
            }
            if (!mustWait()) {
                ended(message.finish());
            }
        }
        return sum();
    }

    /// The targets with the extension that was not looked up, if main.cf wants it put on addresses of this origin.
    private List<Target> propagated(List<Target> targets, String origin) {
        return unmatched.isEmpty() || !context.settings().propagatedFrom().contains(origin)
                ? targets
                : targets.stream().map(target -> target.extended(unmatched)).toList();
    }

    /// Mailboxes, files, commands, up to the first that has to wait.
    private void deliverHere() throws IOException, TableException {
        for (Target.To to : direct) {
            if (!mustWait()) {
                outcomes.add(toUser(Address.parse(to.address()).localPart(), to.direct()));
            }
        }
        for (Named file : files) {
            if (!mustWait()) {
                ended(named.toFile(file.text(), file.rights()));
            }
        }
        for (Named command : commands) {
            if (!mustWait()) {
                ended(named.toCommand(command.text(), command.rights()));
            }
        }
    }

    /// One of the deliveries that this name stands for is done.
    private void ended(Delivery outcome) {
        outcomes.add(delivery.ended(name, outcome));
    }

    private boolean mustWait() {
        return outcomes.stream().anyMatch(o -> o instanceof Delivery.Deferred);
    }

    /// @param plain written with a backslash: the user's `.forward` is not asked either
    private Delivery toUser(String name, boolean plain) throws IOException, TableException {
        if (!plain) {
            return delivery.toUser(name, chain);
        }
        var longer = new HashSet<>(chain);
        String user = new Address(name, "").user(context.settings().delimiters());
        longer.add(LocalDelivery.forwardKey(user));
        return delivery.toUser(name, longer);
    }

    /// The worst of all outcomes. Where several things were done for one name, the sender hears that it was expanded (RFC 3461,
    /// 5.2.7.2); a list, which has an owner, is where the message was to go (5.2.7.3).
    private Delivery sum() {
        Delivery worst = worst();
        if (!(worst instanceof Delivery.Sent(var dsn, var goal))) {
            return worst;
        }
        return new Delivery.Sent(
                dsn,
                list
                        ? Delivery.Goal.DELIVERED
                        : outcomes.size() > 1 ? Delivery.Goal.EXPANDED : goal);
    }

    private Delivery worst() {
        if (outcomes.isEmpty()) {
            ended(new Delivery.Sent(Dsn.of("2.0.0", "expanded to nothing")));
        }
        Delivery worst = outcomes.getFirst();
        for (Delivery outcome : outcomes) {
            if (outcome instanceof Delivery.Deferred) {
                return outcome;
            }
            if (!(worst instanceof Delivery.Bounced)) {
                worst = outcome;
            }
        }
        return worst;
    }

    /// The alias `owner-NAME`, to whom errors of a list go; owners and request addresses have none.
    private Optional<String> owner() throws IOException, TableException {
        boolean special =
                context.settings().ownerSpecial()
                        && (key.startsWith("owner-") || key.endsWith("-request"));
        return special
                ? Optional.empty()
                : context.aliases().find("owner-" + key).map(AliasTables.Entry::value);
    }

    private String sender(Optional<String> owner) {
        String sender = delivery.message().sender();
        if (owner.isEmpty() || sender.isEmpty()) {
            return sender;
        }
        List<Target> value = Target.parse(owner.get()).targets();
        boolean single = value.size() == 1 && value.getFirst() instanceof Target.To;
        String name =
                context.settings().expandOwner() && single
                        ? ((Target.To) value.getFirst()).address()
                        : "owner-" + key;
        return context.rewriter().rewrite(name);
    }

    private void one(Target target, String origin, Rights rights)
            throws IOException, TableException {
        switch (target) {
            case Target.To(var address, var plain) -> address(address, plain);
            case Target.ToFile(var path) when context.settings().filesFrom().contains(origin) ->
                    files.add(new Named(path, rights));
            case Target.ToCommand(var command)
                    when context.settings().commandsFrom().contains(origin) ->
                    commands.add(new Named(command, rights));
            case Target.ToFile(var path) ->
                    ended(LocalDelivery.bounced("5.7.0", "mail to file is restricted: " + path));
            case Target.ToCommand(var command) ->
                    ended(
                            LocalDelivery.bounced(
                                    "5.7.0", "mail to command is restricted: " + command));
            case Target.Include(var path) -> include(path, rights);
        }
    }

    private void address(String address, boolean plain) throws IOException, TableException {
        Optional<String> local = local(address);
        if (local.isPresent() && (plain || own(local.get()))) {
            direct.add(new Target.To(local.get(), plain));
        } else {
            addresses.add(context.rewriter().rewrite(address));
        }
    }

    /// The local part of an address that this program delivers; empty for others.
    private Optional<String> local(String address) throws TableException {
        var parsed = Address.parse(context.resolver().unrouted(address));
        return context.resolver().classOf(parsed.domain()) == AddressClass.LOCAL
                ? Optional.of(parsed.localPart())
                : Optional.empty();
    }

    /// True if a name was expanded on the way here, so that its mailbox is meant.
    private boolean own(String name) {
        String user = new Address(name, "").user(context.settings().delimiters());
        return chain.contains(name.toLowerCase(Locale.ROOT))
                || chain.contains(user.toLowerCase(Locale.ROOT))
                || chain.contains(LocalDelivery.forwardKey(user));
    }

    private void include(String path, Rights rights) throws IOException, TableException {
        if (++includes > MOST_INCLUDES) {
            ended(LocalDelivery.bounced("5.4.6", "too many :include: files at " + path));
            return;
        }
        if (!path.startsWith("/") || path.indexOf('\0') >= 0) {
            ended(
                    LocalDelivery.bounced(
                            "5.3.5", "include file name does not begin with /: " + path));
            return;
        }
        IncludeFile list;
        try {
            list = IncludeFile.read(ByteNames.path(path), rights, context.settings().mailOwner());
        } catch (NoSuchFileException e) {
            ended(LocalDelivery.bounced("5.3.5", "cannot find include file: " + path));
            return;
        } catch (IOException e) {
            ended(
                    LocalDelivery.deferred(
                            "4.3.0", "cannot read include file " + Deliveries.reason(e)));
            return;
        }
        List<Target> targets = Target.parseLines(list.text()).warn("file " + path).targets();
        for (Target target : propagated(targets, "include")) {
            one(target, "include", list.rights());
        }
    }
}
