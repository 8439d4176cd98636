// SPDX-License-Identifier: Apache-2.0

package org.postino.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.postino.linux.AsUser;
import org.postino.linux.FileStatus;
import org.postino.linux.Processes;
import org.postino.linux.SystemUser;
import org.postino.mailstore.MailLocation;
import org.postino.mailstore.MailSpool;
import org.postino.mailstore.MboxDelivery;
import org.postino.message.Address;
import org.postino.queue.Recipient;
import org.postino.smtp.Delivery;
import org.postino.table.Maps;
import org.postino.table.TableException;
import org.postino.util.ByteNames;
import org.postino.util.Printable;

/// The mailbox of a name that no alias and no `.forward` sends elsewhere: transport, command, file; and what is done for a name
/// that nobody has.
final class Mailboxes {
    private final LocalDelivery delivery;
    private final LocalContext context;
    private final LocalSettings settings;
    private final LocalMessage message;
    private final Recipient recipient;

    Mailboxes(LocalDelivery delivery) {
        this.delivery = delivery;
        this.context = delivery.context();
        this.settings = context.settings();
        this.message = delivery.message();
        this.recipient = delivery.recipient();
    }

    /// Delivers to the mailbox of a name, whether there is an account or not.
    ///
    /// @param expanded whether an alias of this name led here, by whatever way
    Delivery deliver(String name, Optional<Account> account, boolean expanded)
            throws IOException, TableException {
        String user = new Address(name, "").user(settings.delimiters());
        Optional<String> transport =
                either(context.mailboxTransports(), user, settings.mailboxTransport());
        if (transport.isPresent()) {
            return pass(name, transport.get());
        }
        return account.isPresent()
                ? delivery.ended(name, toAccount(name, user, account.get()))
                : toNobody(name, user, expanded);
    }

    /// The agent that takes the recipient over writes the log's line itself.
    private Delivery pass(String name, String transport) {
        return context.transports()
                .pass(transport, message.request(), recipient)
                .orElseGet(() ->
                        delivery.ended(
                                name,
                                LocalDelivery.deferred(
                                        "4.3.0",
                                        "mail transport unavailable: "
                                                + Transports.name(transport))));
    }

    /// The value that a table has for a user, else that of a parameter; empty if there is neither.
    private static Optional<String> either(Maps maps, String user, String parameter)
            throws TableException {
        Optional<String> found = maps.find(user);
        return found.isPresent() ? found : Optional.of(parameter).filter(text -> !text.isEmpty());
    }

    private Delivery toAccount(String name, String user, Account account)
            throws IOException, TableException {
        SystemUser system = account.system();
        if (system == null) {
            return toMailUser(name, account);
        }
        if (Privileges.isRoot(account) && Privileges.asOthers()) {
            return toRoot(name, account);
        }
        Optional<String> command =
                either(context.mailboxCommands(), user, settings.mailboxCommand());
        return command.isPresent()
                ? toCommand(command.get(), name, account, system)
                : toFile(name, account);
    }

    private Delivery toCommand(String command, String name, Account account, SystemUser system) {
        if (message.isProbe()) {
            return LocalMessage.would("delivers to command: " + command);
        }
        Optional<Delivery> trouble = makeMailbox(account);
        return trouble.isPresent()
                ? trouble.get()
                : context.commands()
                        .run(
                                command,
                                system,
                                system.home(),
                                macros(name, account).environment(system),
                                commandHeader(delivery, name),
                                message.content());
    }

    /// Makes the user's file in the mail spool, where only a group may make files: procmail(1) and its like are set-gid for
    /// that, which counts for nothing here, and return the message if they cannot make it.
    private Optional<Delivery> makeMailbox(Account account) {
        MailLocation location = settings.places().ofAccount(account.name(), account.home());
        OptionalInt group = spoolGroup(location);
        if (!Privileges.asOthers()
                || group.isEmpty()
                || !(location instanceof MailLocation.Mbox(var _, var inbox))) {
            return Optional.empty();
        }
        return Deliveries.make(
                new Deliveries.Place.Mbox(inbox, account.name(), account.uid()),
                Privileges.files(account.uid(), group.getAsInt()));
    }

    /// The lines that a command finds before the message: those of a mailbox, and the one that begins it.
    ///
    /// @param name the local name whose command it is
    static byte[] commandHeader(LocalDelivery delivery, String name) {
        String from = MboxDelivery.fromLine(delivery.message().sender(), Instant.now());
        byte[] line = from.getBytes(StandardCharsets.UTF_8);
        byte[] trail = delivery.trail(name, "command");
        byte[] all = Arrays.copyOf(line, line.length + trail.length);
        System.arraycopy(trail, 0, all, line.length, trail.length);
        return all;
    }

    private Delivery toMailUser(String name, Account account) {
        Optional<MailLocation> location =
                settings.places().ofMailUser(account.mail(), account.home(), account.name());
        return location.isEmpty()
                ? LocalDelivery.deferred("4.3.5", "bad mail location of user " + account.name())
                : written(
                        name,
                        account,
                        Deliveries.Place.of(location.get(), account.name(), null),
                        Privileges.files(account.uid(), account.gid()));
    }

    private Delivery toFile(String name, Account account) {
        MailLocation location = settings.places().ofAccount(account.name(), account.home());
        Integer owner = settings.strictOwnership() ? account.uid() : null;
        int gid = spoolGroup(location).orElse(account.gid());
        return written(
                name,
                account,
                Deliveries.Place.of(location, account.name(), owner),
                Privileges.files(account.uid(), gid));
    }

    /// Root's mailbox is in the mail spool, whatever the others have: nothing is ever done as root, nor in root's home. It is a file
    /// of this program's user, or one of root's that this user may write to; where everybody may make files in the mail spool,
    /// another's would be a trap.
    private Delivery toRoot(String name, Account account) {
        Path file = ByteNames.path(settings.places().mailSpool() + "/" + account.name());
        OptionalInt group = MailSpool.groupOf(file);
        int gid = group.orElseGet(Processes::ownGid);
        boolean roots = isRoots(file);
        var place =
                new Deliveries.Place.Mbox(
                        file,
                        account.name(),
                        settings.strictOwnership() ? roots ? 0 : Processes.ownUid() : null);
        if (roots) {
            Optional<Delivery> trouble = Deliveries.unwritable(place, Privileges.own(gid));
            if (trouble.isPresent()) {
                return trouble.get();
            }
        }
        return write(name, place, Privileges.own(gid));
    }

    private static boolean isRoots(Path file) {
        try {
            return FileStatus.of(file).uid() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /// The group for a mailbox file in the mail spool; empty for what lies below a home directory.
    private static OptionalInt spoolGroup(MailLocation location) {
        return location instanceof MailLocation.Mbox(var _, var inbox)
                ? MailSpool.groupOf(inbox)
                : OptionalInt.empty();
    }

    /// Writes into the mailbox of an account, of which there may be an index.
    private Delivery written(String name, Account account, Deliveries.Place place, AsUser as) {
        return context.news().after(account.name(), write(name, place, as));
    }

    private Delivery write(String name, Deliveries.Place place, AsUser as) {
        return context.deliveries()
                .deliver(place, as, message, delivery.trail(name, "file"), sentText(place));
    }

    static String sentText(Deliveries.Place place) {
        return switch (place) {
            case Deliveries.Place.Maildir _, Deliveries.Place.NamedMaildir _ ->
                    "delivered to maildir";
            case Deliveries.Place.Mbox _ -> "delivered to mailbox";
            case Deliveries.Place.File(var path) ->
                    "delivered to file: " + Printable.text(path.toString());
        };
    }

    /// Delivers to a name that nobody has.
    private Delivery toNobody(String name, String user, boolean expanded)
            throws IOException, TableException {
        Optional<String> transport =
                either(context.fallbackTransports(), user, settings.fallbackTransport());
        return transport.isPresent()
                ? pass(name, transport.get())
                : delivery.ended(name, returned(name, user, expanded));
    }

    private Delivery returned(String name, String user, boolean expanded) {
        if (!settings.luserRelay().isEmpty()) {
            String address = Macros.expand(settings.luserRelay(), macros(name, null).values(), "");
            return context.forwarder()
                    .forward(
                            message,
                            message.sender(),
                            recipient,
                            delivery.deliveredTo(name, "forward"),
                            List.of(context.rewriter().rewrite(address)));
        }
        String known = user.toLowerCase(Locale.ROOT);
        return expanded
                ? LocalDelivery.bounced("5.4.6", "alias database loop for " + known)
                : LocalDelivery.bounced("5.1.1", "unknown user: \"" + known + "\"");
    }

    private DeliveryMacros macros(String name, @Nullable Account account) {
        String domain = Address.parse(recipient.address()).domain();
        return new DeliveryMacros(settings, message, recipient, domain, name, account);
    }
}
