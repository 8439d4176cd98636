// SPDX-License-Identifier: Apache-2.0

package org.postino.local;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postino.linux.AsUser;
import org.postino.linux.SystemUser;
import org.postino.message.Address;
import org.postino.queue.Recipient;
import org.postino.smtp.Delivery;
import org.postino.smtp.Dsn;
import org.postino.table.TableException;
import org.postino.util.ByteNames;
import org.postino.util.Printable;

/// One recipient of one message: alias, `.forward`, mailbox.
///
/// What an alias expands to is delivered here where it is a single local name, a file or a command; several addresses go back
/// to cleanup as one new message, so that a crash cannot deliver to some of them twice.
final class LocalDelivery {
    static final int MOST_LEVELS = 100;

    private final LocalContext context;
    private final LocalSettings settings;
    private final LocalMessage message;
    private final Recipient recipient;
    private final String domain;
    private final Ends ends;

    /// Hears of each delivery that a recipient ends in: every mailbox, file, command and forwarded message has its line in the log.
    interface Ends {
        /// One delivery is done.
        ///
        /// @param part the recipient with the address that was delivered to
        void reached(Recipient part, Delivery outcome);
    }

    LocalDelivery(LocalContext context, LocalMessage message, Recipient recipient, Ends ends) {
        this.context = context;
        this.settings = context.settings();
        this.message = message;
        this.recipient = recipient;
        this.domain = Address.parse(recipient.address()).domain();
        this.ends = ends;
    }

    LocalContext context() {
        return context;
    }

    LocalMessage message() {
        return message;
    }

    Recipient recipient() {
        return recipient;
    }

    String domain() {
        return domain;
    }

    /// Delivers; what cannot be decided now is deferred.
    Delivery run() {
        String name = Address.parse(recipient.address()).localPart();
        try {
            return message.wasDeliveredTo(recipient.address())
                    ? ended(
                            name,
                            bounced("5.4.6", "mail forwarding loop for " + recipient.address()))
                    : toName(name, Set.of());
        } catch (TableException e) {
            return ended(name, deferred("4.3.0", "alias database unavailable: " + e.getMessage()));
        } catch (IOException e) {
            return ended(
                    name,
                    deferred(
                            "4.3.0",
                            "cannot look up the user or read the .forward file: "
                                    + e.getMessage()));
        }
    }

    /// The address for the Delivered-To: of what a name gets; null for none.
    ///
    /// @param where a word of `prepend_delivered_header`
    @Nullable String deliveredTo(String name, String where) {
        if (!settings.deliveredFieldIn().contains(where)) {
            return null;
        }
        return settings.frozenDelivered() ? recipient.address() : addressOf(name);
    }

    private String addressOf(String name) {
        return new Address(name, domain).toString();
    }

    /// The fields in front of what a name gets in a mailbox, file or command.
    ///
    /// @param where a word of `prepend_delivered_header`
    byte[] trail(String name, String where) {
        return LocalMessage.trail(message.sender(), recipient.original(), deliveredTo(name, where));
    }

    /// Tells of a delivery to a local name.
    Delivery ended(String name, Delivery outcome) {
        ends.reached(recipient.withAddress(addressOf(name)), outcome);
        return outcome;
    }

    static Delivery bounced(String status, String text) {
        return new Delivery.Bounced(Dsn.of(status, Printable.text(text)));
    }

    static Delivery deferred(String status, String text) {
        return new Delivery.Deferred(Dsn.of(status, Printable.text(text)));
    }

    /// Delivers to a local part, with or without extension.
    ///
    /// @param chain names already expanded on the way here: they mean their mailbox
    Delivery toName(String name, Set<String> chain) throws IOException, TableException {
        if (chain.size() > MOST_LEVELS) {
            return ended(name, bounced("5.4.6", "alias database loop for " + name));
        }
        boolean goesRound =
                !settings.frozenDelivered()
                        && !chain.isEmpty()
                        && message.wasDeliveredTo(addressOf(name));
        if (goesRound) {
            return ended(name, bounced("5.4.6", "mail forwarding loop for " + addressOf(name)));
        }
        String user = new Address(name, "").user(settings.delimiters());
        for (String key : name.equals(user) ? List.of(name) : List.of(name, user)) {
            String folded = key.toLowerCase(Locale.ROOT);
            if (!chain.contains(folded)) {
                Optional<AliasTables.Entry> entry = context.aliases().find(folded);
                if (entry.isPresent()) {
                    List<Target> targets =
                            Target.parse(entry.get().value()).warn("alias " + folded).targets();
                    if (targets.isEmpty()) {
                        throw new TableException("no recipient in lookup result for " + folded);
                    }
                    return new Expansion(this, name, folded, chain, entry.get().rights(), null)
                            .run(targets, name.substring(key.length()));
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
        Optional<Account> account = context.users().find(List.copyOf(names));
        if (account.isPresent() && mayForward(account.get()) && !chain.contains(forwardKey(user))) {
            Forward forward = forward(account.get(), name);
            SystemUser system = account.get().system();
            if (!forward.targets().isEmpty() && system != null) {
                return new Expansion(
                                this,
                                name,
                                forwardKey(user),
                                chain,
                                new Rights.Of(system),
                                account.get())
                        .run(forward.targets(), forward.unmatched());
            }
        }
        boolean expanded = chain.contains(user.toLowerCase(Locale.ROOT));
        return new Mailboxes(this).deliver(name, account, expanded);
    }

    /// True if the `.forward` of an account counts. Root's is not read: nothing is done as root.
    private static boolean mayForward(Account account) {
        boolean rootByAnother = Privileges.isRoot(account) && Privileges.asOthers();
        return account.system() != null && !rootByAnother;
    }

    /// The entry in a chain for a `.forward` file that was read.
    static String forwardKey(String user) {
        return "\0forward " + user.toLowerCase(Locale.ROOT);
    }

    /// The destinations of a `.forward` file.
    ///
    /// @param targets empty if the user has none that may be used
    /// @param unmatched the extension, with its delimiter, if the file is not there for this one
    private record Forward(List<Target> targets, String unmatched) {
        static final Forward NONE = new Forward(List.of(), "");
    }

    private Forward forward(Account account, String name) throws IOException {
        var system = account.system();
        if (system == null || settings.forwardPath().isEmpty()) {
            return Forward.NONE;
        }
        Map<String, String> values = macros(name, account).fileValues();
        AsUser as = Privileges.files(system.uid(), system.gid());
        for (String item : settings.forwardPath().split("[,\\s]+", -1)) {
            String path = Macros.expand(item, values, settings.expansionFilter());
            if (path.startsWith("/")) {
                Optional<String> text =
                        as.call(() -> ForwardFile.read(ByteNames.path(path), account.uid()));
                if (text.isPresent()) {
                    String user = new Address(name, "").user(settings.delimiters());
                    return new Forward(
                            Target.parseLines(text.get()).warn("file " + path).targets(),
                            item.contains("extension") ? "" : name.substring(user.length()));
                }
            }
        }
        return Forward.NONE;
    }

    DeliveryMacros macros(String name, @Nullable Account account) {
        return new DeliveryMacros(settings, message, recipient, domain, name, account);
    }
}
