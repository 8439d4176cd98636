// SPDX-License-Identifier: Apache-2.0

package org.postino.local;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postino.linux.Processes;
import org.postino.linux.SystemUser;
import org.postino.message.Address;
import org.postino.smtp.Delivery;
import org.postino.smtp.Dsn;

/// Delivers to files and commands that an alias or a `.forward` file names, with the rights that they have there.
final class FilesAndCommands {
    private final LocalDelivery delivery;
    private final LocalContext context;
    private final String expanded;
    private final @Nullable Account forwarding;

    /// @param expanded the name that stands for them
    /// @param forwarding whose `.forward` file it is; null for an alias
    FilesAndCommands(LocalDelivery delivery, String expanded, @Nullable Account forwarding) {
        this.delivery = delivery;
        this.expanded = expanded;
        this.context = delivery.context();
        this.forwarding = forwarding;
    }

    Delivery toFile(String path, Rights rights) throws IOException {
        if (path.equals("/dev/null")) {
            return new Delivery.Sent(Dsn.of("2.0.0", "delivered to file: /dev/null"));
        }
        if (path.indexOf('\0') >= 0) {
            return LocalDelivery.bounced("5.3.5", "bad file name: " + path);
        }
        Optional<SystemUser> user = Privileges.asOthers() ? user(rights) : Optional.empty();
        if (Privileges.asOthers() && user.isEmpty()) {
            return nobody(rights);
        }
        int uid = user.map(SystemUser::uid).orElseGet(Processes::ownUid);
        int gid = user.map(SystemUser::gid).orElseGet(Processes::ownGid);
        var message = delivery.message();
        var place = Deliveries.Place.ofFile(path);
        return context.deliveries()
                .deliver(
                        place,
                        Privileges.files(uid, gid),
                        message,
                        delivery.trail(expanded, "file"),
                        Mailboxes.sentText(place));
    }

    /// A command of a user's starts in the home directory and knows the user; one of nobody in particular does not.
    Delivery toCommand(String command, Rights rights) throws IOException {
        boolean personal = rights instanceof Rights.Of;
        Optional<SystemUser> user =
                Privileges.asOthers() || personal ? user(rights) : Optional.empty();
        if (Privileges.asOthers() && user.isEmpty()) {
            return nobody(rights);
        }
        if (delivery.message().isProbe()) {
            return LocalMessage.would("delivers to command: " + command);
        }
        var name = Address.parse(delivery.recipient().address()).localPart();
        SystemUser runner = user.orElse(null);
        return context.commands()
                .run(
                        command,
                        runner,
                        personal && runner != null ? runner.home() : Path.of("/"),
                        delivery.macros(name, forwarding).environment(personal ? runner : null),
                        Mailboxes.commandHeader(delivery, expanded),
                        delivery.message().content());
    }

    /// The user with these rights; empty if nobody may.
    private Optional<SystemUser> user(Rights rights) throws IOException {
        return switch (rights) {
            case Rights.Of(var user) -> Optional.of(user);
            case Rights.Default() -> context.users().login(context.settings().defaultPrivs());
            case Rights.None _ -> Optional.empty();
        };
    }

    private Delivery nobody(Rights rights) {
        return LocalDelivery.deferred(
                "4.3.5",
                rights instanceof Rights.None(var reason)
                        ? "no files and commands: " + reason
                        : "no user "
                                + context.settings().defaultPrivs()
                                + ", named in default_privs");
    }
}
