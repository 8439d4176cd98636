// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.time.Duration;
import java.util.List;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.config.Param;
import org.postino.config.ParamTable;
import org.postino.config.PortList;

/// Parameters of local(8) and virtual(8), local delivery.
public final class LocalParams {
    private static final ParamTable.Builder T = ParamTable.declare();

    public static final Param<String> MAILBOX_COMMAND =
            T.raw("mailbox_command", "", "The command that delivers to mailboxes.");
    public static final Param<List<String>> MAILBOX_COMMAND_MAPS =
            T.list(
                    "mailbox_command_maps",
                    "",
                    "Tables that give the command that delivers to the mailbox of a user.");
    public static final Param<List<String>> MAILBOX_TRANSPORT_MAPS =
            T.list(
                    "mailbox_transport_maps",
                    "",
                    "Tables that give the transport that delivers to the mailbox of a user.");
    public static final Param<String> MAILBOX_TRANSPORT =
            T.text("mailbox_transport", "", "The transport that delivers to all mailboxes.");
    public static final Param<List<String>> FALLBACK_TRANSPORT_MAPS =
            T.list(
                    "fallback_transport_maps",
                    "",
                    "Tables that give the transport for a user that does not exist.");
    public static final Param<String> FALLBACK_TRANSPORT =
            T.text("fallback_transport", "", "The transport for users that do not exist.");
    public static final Param<String> LUSER_RELAY =
            T.raw(
                    "luser_relay",
                    "",
                    "The address that gets mail for users that do not exist; knows $user, $local, $extension, $domain, $recipient.");
    public static final Param<Long> MAILBOX_SIZE_LIMIT =
            T.number("mailbox_size_limit", 51200000, 0, "The largest mailbox file; 0: no limit.");
    public static final Param<List<String>> MAILBOX_DELIVERY_LOCK =
            T.list(
                    "mailbox_delivery_lock",
                    "fcntl, dotlock",
                    "How mailbox files are locked: fcntl, flock, dotlock.");
    public static final Param<Boolean> STRICT_MAILBOX_OWNERSHIP =
            T.bool(
                    "strict_mailbox_ownership",
                    true,
                    "Defer mail for a mailbox file that is not its recipient's.");
    public static final Param<Duration> STALE_LOCK_TIME =
            T.time(
                    "stale_lock_time",
                    "500s",
                    "The age at which a lock file that nobody touches is taken away.");
    public static final Param<Long> DELIVER_LOCK_ATTEMPTS =
            T.number("deliver_lock_attempts", 20, 1, "How often a lock is tried.");
    public static final Param<Duration> DELIVER_LOCK_DELAY =
            T.time("deliver_lock_delay", "1s", "How long to wait between tries.");
    public static final Param<List<String>> ALLOW_MAIL_TO_COMMANDS =
            T.list(
                    "allow_mail_to_commands",
                    "alias, forward",
                    "Where |command is allowed: alias, forward, include.");
    public static final Param<List<String>> ALLOW_MAIL_TO_FILES =
            T.list(
                    "allow_mail_to_files",
                    "alias, forward",
                    "Where /file/name is allowed: alias, forward, include.");
    public static final Param<String> FORWARD_PATH =
            T.raw(
                    "forward_path",
                    "$home/.forward${recipient_delimiter}${extension}, $home/.forward",
                    "Where the forwarding file of a user is looked for.");
    public static final Param<Boolean> EXPAND_OWNER_ALIAS =
            T.bool(
                    "expand_owner_alias",
                    false,
                    "Use what owner-list stands for, not owner-list itself, as the sender.");
    public static final Param<Boolean> OWNER_REQUEST_SPECIAL =
            T.bool(
                    "owner_request_special",
                    true,
                    "owner-list and list-request are aliases of their own.");
    public static final Param<Duration> COMMAND_TIME_LIMIT =
            T.time("command_time_limit", "1000s", "How long an external command may take.");
    public static final Param<PortList> COMMAND_NETWORK_PORTS =
            T.ports(
                    "command_network_ports",
                    "783",
                    "The TCP ports to which external commands may connect: 783 is that of SpamAssassin's spamd; empty: none; any: all. Kernels before Linux 6.7 know all or none: there a list of ports counts as none.");
    public static final Param<String> COMMAND_EXPANSION_FILTER =
            T.text(
                    "command_expansion_filter",
                    "1234567890!@%-_=+:,./abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
                    "The characters that values from the message may have in the environment of a command.");
    public static final Param<String> LOCAL_COMMAND_SHELL =
            T.text(
                    "local_command_shell",
                    "",
                    "The shell that runs commands; empty: /bin/sh where needed.");

    // Virtual mailboxes
    public static final Param<String> VIRTUAL_MAILBOX_BASE =
            T.text(
                    "virtual_mailbox_base",
                    "",
                    "What is put before the paths in $virtual_mailbox_maps.");
    public static final Param<List<String>> VIRTUAL_UID_MAPS =
            T.list("virtual_uid_maps", "", "Tables that give the user id of a virtual mailbox.");
    public static final Param<List<String>> VIRTUAL_GID_MAPS =
            T.list("virtual_gid_maps", "", "Tables that give the group id of a virtual mailbox.");
    public static final Param<Long> VIRTUAL_MINIMUM_UID =
            T.number(
                    "virtual_minimum_uid",
                    100,
                    1,
                    "The least user id that $virtual_uid_maps may give.");
    public static final Param<List<String>> VIRTUAL_MAILBOX_LOCK =
            T.list(
                    "virtual_mailbox_lock",
                    "fcntl, dotlock",
                    "How virtual mailbox files are locked: fcntl, flock, dotlock.");
    public static final Param<Long> VIRTUAL_MAILBOX_LIMIT =
            T.number(
                    "virtual_mailbox_limit",
                    51200000,
                    0,
                    "The largest virtual mailbox or message; 0: no limit.");

    /// Whether a limit of mailbox files is smaller than a message may be: local(8) and virtual(8) refuse to run then.
    public static boolean isTooSmall(Config config, Param<Long> limit) {
        long mailbox = config.get(limit);
        long message = config.get(MainParams.MESSAGE_SIZE_LIMIT);
        return mailbox > 0 && (message == 0 || mailbox < message);
    }

    /// All of the above.
    public static final ParamTable ALL = T.table();

    private LocalParams() {}
}
