// SPDX-License-Identifier: Apache-2.0

package org.postino.local;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postino.global.address.Address;
import org.postino.global.queue.Recipient;
import org.postino.global.smtp.Delivery;
import org.postino.global.smtp.Dsn;
import org.postino.global.table.TableException;
import org.postino.mailstore.MailLocation;
import org.postino.util.AsUser;

/// One recipient of one message: alias, `.forward`, mailbox.
///
/// What an alias expands to is delivered here where it is a single local name, a file or a command; several addresses go back
/// to cleanup as one new message, so that a crash cannot deliver to some of them twice.
final class LocalDelivery {
    static final int MOST_LEVELS = 100;

    private final LocalContext context;
    private final LocalSettings settings;
    private final Letter letter;
    private final Recipient recipient;
    private final String domain;

    LocalDelivery(LocalContext context, Letter letter, Recipient recipient) {
        this.context = context;
        this.settings = context.settings();
        this.letter = letter;
        this.recipient = recipient;
        this.domain = Address.parse(recipient.address()).domain();
    }

    LocalContext context() {
        return context;
    }

    Letter letter() {
        return letter;
    }

    Recipient recipient() {
        return recipient;
    }

    String domain() {
        return domain;
    }

    /// Delivers; what cannot be decided now is deferred.
    Delivery run() {
        try {
            if (letter.wasDeliveredTo(recipient.address())) {
                return bounced("5.4.6", "mail forwarding loop for " + recipient.address());
            }
            return toName(Address.parse(recipient.address()).localPart(), Set.of());
        } catch (TableException e) {
            return deferred("4.3.0", "alias database unavailable: " + e.getMessage());
        } catch (IOException e) {
            return deferred("4.3.0", "user lookup error: " + e.getMessage());
        }
    }

    static Delivery bounced(String status, String text) {
        return new Delivery.Bounced(Dsn.of(status, Letter.clean(text)));
    }

    static Delivery deferred(String status, String text) {
        return new Delivery.Deferred(Dsn.of(status, Letter.clean(text)));
    }

    /// Delivers to a local part, with or without extension.
    ///
    /// @param chain names already expanded on the way here: they mean their mailbox
    Delivery toName(String name, Set<String> chain) throws IOException, TableException {
        if (chain.size() > MOST_LEVELS) {
            return bounced("5.4.6", "alias database loop for " + name);
        }
        String user = new Address(name, "").user(settings.delimiters());
        for (String key : name.equals(user) ? List.of(name) : List.of(name, user)) {
            String folded = key.toLowerCase(Locale.ROOT);
            if (!chain.contains(folded)) {
                Optional<String> value = context.aliases().find(folded);
                if (value.isPresent()) {
                    return new Expansion(this, folded, chain, null).run(Target.parse(value.get()));
                }
            }
        }
        return toUser(name, chain);
    }

    /// Delivers to a user without looking at aliases.
    Delivery toUser(String name, Set<String> chain) throws IOException, TableException {
        String user = new Address(name, "").user(settings.delimiters());
        var names = new LinkedHashSet<String>();
        for (String local : List.of(name, user)) {
            if (!domain.isEmpty()) {
                names.add(local + "@" + domain);
            }
            names.add(local);
        }
        Optional<Account> account = context.users().virtual(List.copyOf(names));
        if (account.isEmpty()) {
            account = context.users().system(user);
        }
        if (account.isEmpty()) {
            return unknown(user);
        }
        if (account.get().system() != null && !chain.contains(forwardKey(user))) {
            List<Target> forward = forward(account.get(), name);
            if (!forward.isEmpty()) {
                return new Expansion(this, forwardKey(user), chain, account.get()).run(forward);
            }
        }
        return toMailbox(account.get(), name);
    }

    /// What stands in a chain for a `.forward` file that was read.
    static String forwardKey(String user) {
        return "\0forward " + user.toLowerCase(Locale.ROOT);
    }

    private Delivery unknown(String user) throws IOException {
        if (!settings.fallbackTransport().isEmpty()) {
            return context.transports()
                    .pass(settings.fallbackTransport(), letter.request(), recipient);
        }
        if (!settings.luserRelay().isEmpty()) {
            String address = Macros.expand(settings.luserRelay(), values(user, null), "");
            return context.forwarder()
                    .forward(
                            letter,
                            letter.sender(),
                            recipient.address(),
                            List.of(context.rewriter().rewrite(address)));
        }
        return bounced("5.1.1", "unknown user: \"" + user.toLowerCase(Locale.ROOT) + "\"");
    }

    /// The destinations of a `.forward` file; empty if the user has none that may be used.
    private List<Target> forward(Account account, String name) throws IOException {
        var system = account.system();
        if (system == null || settings.forwardPath().isEmpty()) {
            return List.of();
        }
        try (AsUser as = AsUser.of(system)) {
            for (String item : settings.forwardPath().split("[,\\s]+", -1)) {
                String path =
                        Macros.expand(item, values(name, account), settings.expansionFilter());
                if (path.startsWith("/")) {
                    Optional<String> text =
                            as.call(() -> ForwardFile.read(Path.of(path), account.uid()));
                    if (text.isPresent()) {
                        return Target.parse(text.get());
                    }
                }
            }
        }
        return List.of();
    }

    private Delivery toMailbox(Account account, String name) throws IOException {
        if (!settings.mailboxTransport().isEmpty()) {
            return context.transports()
                    .pass(settings.mailboxTransport(), letter.request(), recipient);
        }
        var system = account.system();
        if (system != null && !settings.mailboxCommand().isEmpty()) {
            String command =
                    Macros.expand(
                            settings.mailboxCommand(),
                            values(name, account),
                            settings.expansionFilter());
            return context.commands()
                    .run(
                            command,
                            asRoot(system),
                            values(name, account, true),
                            trail(),
                            letter.content());
        }
        Optional<Deliveries.Place> place = place(account);
        if (place.isEmpty()) {
            return deferred("4.3.5", "bad mail location of user " + account.name());
        }
        try (AsUser as =
                system == null ? AsUser.of(account.uid(), account.gid()) : AsUser.of(system)) {
            return context.deliveries()
                    .deliver(
                            place.get(),
                            as,
                            letter.sender(),
                            trail(),
                            letter.content(),
                            sentText(place.get()));
        }
    }

    static String sentText(Deliveries.Place place) {
        return switch (place) {
            case Deliveries.Place.Maildir _ -> "delivered to maildir";
            case Deliveries.Place.Mbox _ -> "delivered to mailbox";
        };
    }

    /// The account for a spawned process; null when the process cannot become another anyway.
    static org.postino.util.@Nullable SystemUser asRoot(org.postino.util.SystemUser user) {
        return org.postino.util.Processes.isRoot() ? user : null;
    }

    byte[] trail() {
        return Letter.trail(letter.sender(), recipient.original(), recipient.address());
    }

    private Optional<Deliveries.Place> place(Account account) {
        if (account.system() == null) {
            String text = account.mail() == null ? settings.mailLocation() : account.mail();
            return MailLocation.parse(text, account.home(), account.name())
                    .map(Deliveries.Place::of);
        }
        if (!settings.homeMailbox().isEmpty()) {
            return Optional.of(Deliveries.Place.of(settings.homeMailbox(), account.home()));
        }
        String spool = settings.mailSpool();
        String file = account.name() + (spool.endsWith("/") ? "/" : "");
        return Optional.of(Deliveries.Place.of(file, Path.of(spool)));
    }

    /// What macros may name.
    Map<String, String> values(String name, @Nullable Account account) {
        var address = new Address(name, "");
        var values = new HashMap<String, String>();
        values.put("user", address.user(settings.delimiters()));
        values.put("local", name);
        values.put("extension", address.extension(settings.delimiters()));
        values.put("domain", domain);
        values.put("recipient", recipient.address());
        boolean extended = !address.extension(settings.delimiters()).isEmpty();
        values.put("recipient_delimiter", extended ? settings.delimiters().substring(0, 1) : "");
        if (account != null) {
            values.put("home", account.home().toString());
            values.put("shell", account.system() == null ? "" : account.system().shell());
        }
        return values;
    }

    /// The same for the environment of a command.
    Map<String, String> values(String name, @Nullable Account account, boolean upper) {
        var values = new HashMap<String, String>();
        for (String key :
                new ArrayList<>(List.of("local", "extension", "domain", "recipient", "user"))) {
            String value = values(name, account).getOrDefault(key, "");
            values.put(upper ? key.toUpperCase(Locale.ROOT) : key, value);
        }
        values.put("SENDER", letter.sender());
        values.put("ORIGINAL_RECIPIENT", recipient.original());
        return values;
    }
}
