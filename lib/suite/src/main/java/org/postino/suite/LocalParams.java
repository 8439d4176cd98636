// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.time.Duration;
import java.util.List;
import org.postino.config.Config;
import org.postino.config.Expander;
import org.postino.config.MainParams;
import org.postino.config.Param;
import org.postino.config.ParamTable;
import org.postino.config.ParamType;
import org.postino.config.PortList;
import org.postino.config.ValueException;

/// Parameters of local(8) and virtual(8), local delivery.
public final class LocalParams {
    private static final ParamTable.Builder T = ParamTable.declare();

    /// This command delivers to the mailbox of each user with an account, in place of local(8); it
    /// runs as the user with the message on its standard input.
    ///
    /// Use it for a filter such as procmail; the recipient is in the environment, never in the
    /// text.
    ///
    ///     mailbox_command = /usr/bin/procmail -a "$EXTENSION"
    public static final Param<String> MAILBOX_COMMAND = T.raw("mailbox_command", "");

    /// These tables give, by the user's name, a command that delivers to the mailbox; they come
    /// before mailbox_command.
    ///
    /// Use them if a few users want a filter of their own.
    ///
    ///     mailbox_command_maps = hash:/etc/postino/mailbox_commands
    public static final Param<List<String>> MAILBOX_COMMAND_MAPS =
            T.list("mailbox_command_maps", "");

    /// These tables give, by the user's name, a transport and next hop that deliver to the mailbox;
    /// they come before mailbox_transport.
    ///
    /// Use them to move users to another mail store one by one.
    ///
    ///     mailbox_transport_maps = hash:/etc/postino/mailbox_transports
    public static final Param<List<String>> MAILBOX_TRANSPORT_MAPS =
            T.list("mailbox_transport_maps", "");

    /// This transport and next hop deliver to all mailboxes, after aliases and .forward files;
    /// names that nobody has go there too.
    ///
    /// Use it if another program keeps the mail, Dovecot or Cyrus say.
    ///
    ///     mailbox_transport = lmtp:unix:private/dovecot-lmtp
    public static final Param<String> MAILBOX_TRANSPORT = T.text("mailbox_transport", "");

    /// These tables give a transport and next hop, by name, for users that do not exist on this
    /// machine.
    ///
    /// Use them if single users have their mailbox on another machine.
    ///
    ///     fallback_transport_maps = hash:/etc/postino/elsewhere
    public static final Param<List<String>> FALLBACK_TRANSPORT_MAPS =
            T.list("fallback_transport_maps", "");

    /// This transport and next hop take mail for all users that do not exist on this machine.
    ///
    /// Use it if a second server knows the others, and empty local_recipient_maps, or smtpd refuses
    /// them first.
    ///
    ///     fallback_transport = smtp:[inner.example.com]
    public static final Param<String> FALLBACK_TRANSPORT = T.text("fallback_transport", "");

    /// This address gets mail for users that do not exist; $user, $local, $extension, $domain and
    /// $recipient are replaced in it.
    ///
    /// Use it to send unknown names on together, and empty local_recipient_maps, or smtpd refuses
    /// them first.
    ///
    ///     luser_relay = $user@inner.example.com
    public static final Param<String> LUSER_RELAY = T.raw("luser_relay", "");

    /// A mailbox file of local(8) may grow to this many bytes; 0 means no limit, and a Maildir has
    /// none. It must not be less than message_size_limit.
    ///
    /// Raise it for users with one large mbox.
    ///
    ///     mailbox_size_limit = 1000000000
    public static final Param<Long> MAILBOX_SIZE_LIMIT =
            T.number("mailbox_size_limit", 51200000, 0);

    /// local(8) locks a mailbox file by these means, all of them: fcntl, flock, dotlock.
    ///
    /// Change it to what all other programs that touch the file use, or mail is lost.
    ///
    ///     mailbox_delivery_lock = dotlock, fcntl
    public static final Param<List<String>> MAILBOX_DELIVERY_LOCK =
            T.list("mailbox_delivery_lock", "fcntl, dotlock");

    /// Mail for a mailbox file that does not belong to its recipient waits in the queue.
    ///
    /// Turn it off only while you move files from a system that gave them to others.
    ///
    ///     strict_mailbox_ownership = no
    public static final Param<Boolean> STRICT_MAILBOX_OWNERSHIP =
            T.bool("strict_mailbox_ownership", true);

    /// A lock file of a mailbox that nobody has touched for this long is taken away by local(8) and
    /// virtual(8).
    ///
    /// There is hardly a reason to change it; it must be longer than any program holds a lock.
    ///
    ///     stale_lock_time = 1000s
    public static final Param<Duration> STALE_LOCK_TIME = T.time("stale_lock_time", "500s");

    /// A locked mailbox is tried this many times before the message waits in the queue.
    ///
    /// Raise it if mail readers hold locks for long.
    ///
    ///     deliver_lock_attempts = 60
    public static final Param<Long> DELIVER_LOCK_ATTEMPTS =
            T.number("deliver_lock_attempts", 20, 1);

    /// A delivery waits this long between two tries at a locked mailbox.
    ///
    /// Lengthen it rather than deliver_lock_attempts on slow network file systems.
    ///
    ///     deliver_lock_delay = 3s
    public static final Param<Duration> DELIVER_LOCK_DELAY = T.time("deliver_lock_delay", "1s");

    /// |command is allowed as a destination in files of these kinds: alias, forward, include.
    ///
    /// Take out forward if users may run no programs on this machine.
    ///
    ///     allow_mail_to_commands = alias
    public static final Param<List<String>> ALLOW_MAIL_TO_COMMANDS =
            T.list("allow_mail_to_commands", "alias, forward");

    /// /file/name is allowed as a destination in files of these kinds: alias, forward, include.
    ///
    /// Take out forward if users' mail shall go to their mailboxes only.
    ///
    ///     allow_mail_to_files = alias
    public static final Param<List<String>> ALLOW_MAIL_TO_FILES =
            T.list("allow_mail_to_files", "alias, forward");

    /// A Delivered-To: field with the recipient's address is put in front of messages for these: command,
    /// file (mailboxes among them), forward.
    ///
    /// Leave out command if programs of yours do not want the field; without forward local(8) does not
    /// notice mail that it forwards in a circle.
    ///
    ///     prepend_delivered_header = file, forward
    public static final Param<List<String>> PREPEND_DELIVERED_HEADER =
            T.list("prepend_delivered_header", "command, file, forward", new Places());

    /// Delivered-To: has the address to which a message came, whatever aliases and .forward files make
    /// of it; otherwise that of the name whose mailbox, command or file it goes to in the end.
    ///
    /// Turn it off if mail programs sort by the name of the mailbox.
    ///
    ///     frozen_delivered_to = no
    public static final Param<Boolean> FROZEN_DELIVERED_TO = T.bool("frozen_delivered_to", true);

    /// The first of these files that exists says where a user's mail goes; $home, $user, $extension
    /// and $recipient_delimiter are replaced.
    ///
    /// Change it to keep such files in one directory, or empty it to have none.
    ///
    ///     forward_path = /etc/postino/forward/$user
    public static final Param<String> FORWARD_PATH =
            T.raw(
                    "forward_path",
                    "$home/.forward${recipient_delimiter}${extension}, $home/.forward");

    /// Mail that a list sends on comes from what owner-LIST stands for, and not from owner-LIST
    /// itself.
    ///
    /// Turn it on if recipients shall see the owner's own address as the sender.
    ///
    ///     expand_owner_alias = yes
    public static final Param<Boolean> EXPAND_OWNER_ALIAS = T.bool("expand_owner_alias", false);

    /// owner-LIST and LIST-request are names of their own, in which no hyphen separates an
    /// extension.
    ///
    /// Turn it off if recipient_delimiter is a hyphen and a user is called owner.
    ///
    ///     owner_request_special = no
    public static final Param<Boolean> OWNER_REQUEST_SPECIAL =
            T.bool("owner_request_special", true);

    /// A command that delivers mail may run for this long; then it is killed, and the message is
    /// tried again later.
    ///
    /// Raise it for slow commands, and lower it if one that hangs shall not hold up the user's next
    /// mail.
    ///
    ///     command_time_limit = 300s
    public static final Param<Duration> COMMAND_TIME_LIMIT = T.time("command_time_limit", "1000s");

    /// Commands may connect to these TCP ports, of any machine; 783 is that of SpamAssassin's
    /// spamd. Empty means none, any means all, and on kernels before Linux 6.7, which know all or
    /// none, a list counts as none.
    ///
    /// Empty it where no command asks a daemon by TCP, or add the port of the daemon that yours
    /// asks.
    ///
    ///     command_network_ports = 783, 11333
    public static final Param<PortList> COMMAND_NETWORK_PORTS =
            T.ports("command_network_ports", "783");

    /// Values from the message in a command's environment may have these characters; each other one
    /// becomes an underscore.
    ///
    /// Leave out more of them if your commands are shell scripts that quote badly.
    ///
    ///     command_expansion_filter = 1234567890@-_=+.abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ
    public static final Param<String> COMMAND_EXPANSION_FILTER =
            T.text(
                    "command_expansion_filter",
                    "1234567890!@%-_=+:,./abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    /// This shell runs the commands of local(8); empty means /bin/sh.
    ///
    /// Set a restricted shell if users shall run only some programs.
    ///
    ///     local_command_shell = /bin/rbash
    public static final Param<String> LOCAL_COMMAND_SHELL = T.text("local_command_shell", "");

    // Virtual mailboxes
    /// This path stands before each path of virtual_mailbox_maps, and users' mail may lie below it.
    ///
    /// Set it to where the mail of users without an account lies.
    ///
    ///     virtual_mailbox_base = /var/vmail
    public static final Param<String> VIRTUAL_MAILBOX_BASE = T.text("virtual_mailbox_base", "");

    /// These tables give the user id as which a mailbox of virtual_mailbox_maps is written.
    ///
    /// Use static: if all mailboxes belong to one user made for them.
    ///
    ///     virtual_uid_maps = static:5000
    public static final Param<List<String>> VIRTUAL_UID_MAPS = T.list("virtual_uid_maps", "");

    /// These tables give the group id as which a mailbox of virtual_mailbox_maps is written.
    ///
    /// Use static: if all mailboxes belong to one group.
    ///
    ///     virtual_gid_maps = static:5000
    public static final Param<List<String>> VIRTUAL_GID_MAPS = T.list("virtual_gid_maps", "");

    /// virtual(8) delivers to no user id below this one, whatever virtual_uid_maps say.
    ///
    /// Raise it to where user ids for mailboxes begin, so that a slip in a table hits no account of
    /// the system.
    ///
    ///     virtual_minimum_uid = 5000
    public static final Param<Long> VIRTUAL_MINIMUM_UID = T.number("virtual_minimum_uid", 100, 1);

    /// virtual(8) locks a mailbox file by these means, all of them: fcntl, flock, dotlock.
    ///
    /// Change it to what all other programs that touch the file use.
    ///
    ///     virtual_mailbox_lock = fcntl
    public static final Param<List<String>> VIRTUAL_MAILBOX_LOCK =
            T.list("virtual_mailbox_lock", "fcntl, dotlock");

    /// A mailbox file of virtual(8) may grow to this many bytes; 0 means no limit, and a Maildir
    /// has none. It must not be less than message_size_limit.
    ///
    /// Raise it when you raise message_size_limit.
    ///
    ///     virtual_mailbox_limit = 0
    public static final Param<Long> VIRTUAL_MAILBOX_LIMIT =
            T.number("virtual_mailbox_limit", 51200000, 0);

    /// True if a limit of mailbox files is smaller than a message may be: local(8) and virtual(8) refuse to run then.
    public static boolean isTooSmall(Config config, Param<Long> limit) {
        long mailbox = config.get(limit);
        long message = config.get(MainParams.MESSAGE_SIZE_LIMIT);
        return mailbox > 0 && (message == 0 || mailbox < message);
    }

    /// All of the above.
    public static final ParamTable ALL = T.table();

    private LocalParams() {}

    /// Finds words that are no kind of delivery.
    private static final class Places implements ParamType.Words {
        private static final List<String> KNOWN = List.of("command", "file", "forward");

        @Override
        public void check(List<String> items, Expander.Values others) throws ValueException {
            for (String item : items) {
                if (!KNOWN.contains(item)) {
                    throw new ValueException(
                            "has no word \"" + item + "\"; there are " + String.join(", ", KNOWN));
                }
            }
        }
    }
}
