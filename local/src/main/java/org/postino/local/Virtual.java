// SPDX-License-Identifier: Apache-2.0

package org.postino.local;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.linux.AsUser;
import org.postino.linux.Processes;
import org.postino.mailstore.Compression;
import org.postino.mailstore.MailLocation;
import org.postino.mailstore.MailPlaces;
import org.postino.message.Address;
import org.postino.queue.Agent;
import org.postino.queue.DeliveryJob;
import org.postino.queue.DeliveryServer;
import org.postino.queue.Recipient;
import org.postino.server.Daemon;
import org.postino.server.ServerOptions;
import org.postino.smtp.Delivery;
import org.postino.suite.LocalParams;
import org.postino.suite.Programs;
import org.postino.table.Maps;
import org.postino.table.TableException;
import org.postino.table.Tables;
import org.postino.util.ByteNames;

/// virtual(8), delivery to mailboxes that tables or the user database name; no aliases, no commands. Manual page: `virtual.8`.
public final class Virtual implements Agent {
    static final ServerOptions OPTIONS = Programs.options("virtual");
    private static final String USERDB = "userdb:";

    private final Maps mailboxes;
    private final boolean askUserdb;
    private final Maps uids;
    private final Maps gids;
    private final String base;
    private final String delimiters;
    private final MailPlaces places;
    private final long minimumUid;
    private final Users users;
    private final Deliveries deliveries;
    private final IndexNews news;

    private Virtual(Config config, Tables tables, Path queueDirectory, Deliveries deliveries) {
        var paths = new ArrayList<String>();
        boolean userdb = false;
        for (String name : config.get(MainParams.VIRTUAL_MAILBOX_MAPS)) {
            boolean users = name.startsWith(USERDB) || name.startsWith("proxy:" + USERDB);
            userdb |= users;
            if (!users) {
                paths.add(name);
            }
        }
        var safe = tables.withoutSubstitution();
        this.mailboxes = safe.maps(paths);
        this.askUserdb = userdb || paths.isEmpty();
        this.uids = safe.maps(config.get(LocalParams.VIRTUAL_UID_MAPS));
        this.gids = safe.maps(config.get(LocalParams.VIRTUAL_GID_MAPS));
        this.base = config.get(LocalParams.VIRTUAL_MAILBOX_BASE);
        this.delimiters = config.get(MainParams.RECIPIENT_DELIMITER);
        this.places = MailPlaces.of(config);
        this.minimumUid = config.get(LocalParams.VIRTUAL_MINIMUM_UID);
        this.users = Users.of(config, queueDirectory);
        this.deliveries = deliveries;
        this.news = IndexNews.of(config, queueDirectory);
    }

    static Virtual start(Daemon daemon) {
        Config config = daemon.config();
        var deliveries =
                new Deliveries(
                        daemon.clock(),
                        LocalSettings.locking(config, LocalParams.VIRTUAL_MAILBOX_LOCK),
                        LocalSettings.mailboxLimit(config, LocalParams.VIRTUAL_MAILBOX_LIMIT),
                        Compression.of(config));
        return new Virtual(config, new Tables(config), daemon.queueDirectory(), deliveries);
    }

    @Override
    public void deliver(DeliveryJob job) throws IOException {
        var message = LocalMessage.of(job);
        for (Recipient r : job.recipients()) {
            if (job.cancelled()) {
                return;
            }
            job.report(r, outcome(message, r), "virtual");
        }
    }

    private Delivery outcome(LocalMessage message, Recipient r) {
        try {
            if (message.wasDeliveredTo(r.address())) {
                return LocalDelivery.bounced("5.4.6", "mail forwarding loop for " + r.address());
            }
            Optional<String> path = mailboxes.findAddress(r.address(), delimiters);
            return path.isPresent() ? toPath(message, r, path.get()) : toUser(message, r);
        } catch (TableException e) {
            return LocalDelivery.deferred("4.3.5", "table lookup error: " + e.getMessage());
        } catch (IOException e) {
            return LocalDelivery.deferred("4.3.0", "user lookup error: " + e.getMessage());
        }
    }

    private Delivery toPath(LocalMessage message, Recipient r, String path) throws TableException {
        String whole = base.isEmpty() ? path : base + "/" + path;
        if (!whole.startsWith("/") || (whole + "/").contains("/../")) {
            return LocalDelivery.deferred("4.3.5", "bad mailbox path: " + path);
        }
        long uid = Processes.ownUid();
        long gid = Processes.ownGid();
        if (Privileges.asOthers()) {
            uid = number(uids.findAddress(r.address(), delimiters));
            gid = number(gids.findAddress(r.address(), delimiters));
            if (uid < minimumUid || gid <= 0) {
                return LocalDelivery.deferred(
                        "4.3.5", "recipient " + r.address() + ": no usable uid and gid in tables");
            }
        }
        Path file = ByteNames.path(whole);
        var place =
                whole.endsWith("/")
                        ? new Deliveries.Place.Maildir(file, file)
                        : new Deliveries.Place.Mbox(file, r.address(), (int) uid);
        return write(message, r, place, (int) uid, (int) gid);
    }

    private static long number(Optional<String> text) {
        try {
            return text.isEmpty() ? -1 : Long.parseLong(text.get().strip());
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private Delivery toUser(LocalMessage message, Recipient r) throws IOException {
        var address = Address.parse(r.address());
        var plain = new Address(address.user(delimiters), address.domain());
        Optional<Account> account =
                askUserdb ? users.find(List.of(r.address(), plain.toString())) : Optional.empty();
        if (account.isEmpty() || account.get().system() != null) {
            return LocalDelivery.bounced("5.1.1", "unknown user: \"" + r.address() + "\"");
        }
        Account a = account.get();
        Optional<MailLocation> location = places.ofMailUser(a.mail(), a.home(), a.name());
        return location.isEmpty()
                ? LocalDelivery.deferred("4.3.5", "bad mail location of user " + a.name())
                : news.after(
                        a.name(),
                        write(
                                message,
                                r,
                                Deliveries.Place.of(location.get(), a.name(), null),
                                a.uid(),
                                a.gid()));
    }

    private Delivery write(
            LocalMessage message, Recipient r, Deliveries.Place place, int uid, int gid) {
        return deliveries.deliver(
                place,
                AsUser.of(uid, gid),
                message,
                LocalMessage.trail(message.sender(), r.original(), r.address()),
                Mailboxes.sentText(place));
    }

    public static void main(String[] args) {
        System.exit(DeliveryServer.run(args, OPTIONS, Virtual::start));
    }
}
