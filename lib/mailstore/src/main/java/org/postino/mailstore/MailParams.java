// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.time.Duration;
import java.util.List;
import org.postino.config.Param;
import org.postino.config.ParamTable;

/// Parameters of the mail store and of the daemons that show it, imapd(8) and pop3d(8).
public final class MailParams {
    private static final ParamTable.Builder T = ParamTable.declare();

    public static final Param<String> MAIL_LOCATION =
            T.raw(
                    "mail_location",
                    "",
                    "Where the mail of a user lies: maildir:PATH or mbox:PATH:INBOX=FILE; ~ is the home directory. Empty: for an account of the system where local(8) delivers, $home_mailbox or $mail_spool_directory, for others maildir:~/Maildir.");
    public static final Param<String> HOME_MAILBOX =
            T.text(
                    "home_mailbox",
                    "",
                    "The mailbox relative to the home directory of a user; with a / at its end a Maildir.");
    public static final Param<String> MAIL_SPOOL_DIRECTORY =
            T.text(
                    "mail_spool_directory",
                    "/var/mail",
                    "The directory of mailboxes named after their users; with a / at its end of Maildirs.");
    public static final Param<String> MAIL_PRIVILEGED_GROUP =
            T.text(
                    "mail_privileged_group",
                    "",
                    "The only group that opens an INBOX in the mail spool; empty: the group of that directory, if it alone may write there.");
    public static final Param<List<String>> MBOX_WRITE_LOCKS =
            T.list(
                    "mbox_write_locks",
                    "fcntl, dotlock",
                    "How imapd(8) and pop3d(8) lock mbox files: fcntl, flock, dotlock.");
    public static final Param<Duration> MBOX_LOCK_TIMEOUT =
            T.time(
                    "mbox_lock_timeout",
                    "120s",
                    "How long a session waits for the lock of an mbox.");
    public static final Param<Duration> MBOX_DOTLOCK_CHANGE_TIMEOUT =
            T.time(
                    "mbox_dotlock_change_timeout",
                    "500s",
                    "The age at which a session takes away a lock file of an mbox that nobody touches.");
    public static final Param<Long> MAIL_MAX_USERIP_CONNECTIONS =
            T.number(
                    "mail_max_userip_connections",
                    10,
                    0,
                    "How many sessions a user may have from one address; 0: no limit.");
    public static final Param<String> LOGIN_GREETING =
            T.text(
                    "login_greeting",
                    "Postino ready.",
                    "The text of the greeting of imapd(8) and pop3d(8).");
    public static final Param<Long> FIRST_VALID_UID =
            T.number(
                    "first_valid_uid",
                    500,
                    1,
                    "The least user id of an account of the system that may log in.");

    /// All of the above.
    public static final ParamTable ALL = T.table();

    private MailParams() {}
}
