// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

import java.time.Duration;
import java.util.List;
import org.postino.config.Param;
import org.postino.config.ParamTable;

/// Parameters of the mail store and of the daemons that show it, imapd(8) and pop3d(8).
public final class MailParams {
    private static final ParamTable.Builder T = ParamTable.declare();

    /// The mail of a user lies here: maildir:PATH or mbox:PATH:INBOX=FILE, with ~ for the home
    /// directory and Dovecot's variables: %u is the user, %n and %d the parts of the name around the @,
    /// %Lu in lower case, %1n the first letter, %2.256Nu two digits made of it. Behind the path of a
    /// Maildir, INBOX= names another place for INBOX, CONTROL= for lists of UIDs, keywords and
    /// subscriptions, INDEX= for what may vanish. When it is empty an account of the system has it where local(8) delivers, in
    /// $home_mailbox or $mail_spool_directory, and others have it in maildir:~/Maildir.
    ///
    /// Set it if all users have their mail at another place; a record of the passwd-file can say so
    /// for one.
    ///
    ///     mail_location = maildir:~/Mail
    public static final Param<String> MAIL_LOCATION = T.raw("mail_location", "");

    /// New messages in a Maildir are compressed: gz, or nothing for none. Compressed ones are read in any
    /// case, also those that Dovecot has written; programs that know nothing of it cannot read them.
    ///
    /// Set gz where disks are small; each message then costs more time when it is stored and read.
    ///
    ///     mail_compress_write_method = gz
    public static final Param<String> MAIL_COMPRESS_WRITE_METHOD =
            T.choice("mail_compress_write_method", "", List.of("", "gz"));

    /// These mailboxes exist for every user without being made, written mailbox=create, or mailbox=subscribe for those to
    /// which all are subscribed as well. / separates the levels of a name; one with blanks stands in braces.
    ///
    /// Set it so that mail readers find the folders of imap_special_use and do not make their own.
    ///
    ///     mailbox_auto = Drafts=subscribe, Sent=subscribe, Trash=subscribe, {Old mail=create}
    public static final Param<List<String>> MAILBOX_AUTO =
            T.list("mailbox_auto", "", MailboxValues.AUTO);

    /// Mail that has been in one of these mailboxes for this time is removed, written mailbox=time (days, if it has no unit); 0
    /// means that it stays. In names * stands for anything, ? for one character; INBOX is meant only by its name. It goes when the user
    /// logs out, and when expire(8) comes by. In an mbox nothing tells how long mail has been there, and none goes.
    ///
    /// Set it for what nobody will miss, Trash and Junk.
    ///
    ///     mailbox_autoexpunge = Trash=30d, Junk=2w, Archive/*=3650d
    public static final Param<List<String>> MAILBOX_AUTOEXPUNGE =
            T.list("mailbox_autoexpunge", "", MailboxValues.AGE);

    /// One of these mailboxes keeps this many messages, written mailbox=number; the oldest of those that are too
    /// many are removed as by mailbox_autoexpunge. 0 means any number.
    ///
    /// Set it for mailboxes that programs fill.
    ///
    ///     mailbox_autoexpunge_max_mails = Junk=1000
    public static final Param<List<String>> MAILBOX_AUTOEXPUNGE_MAX_MAILS =
            T.list("mailbox_autoexpunge_max_mails", "", MailboxValues.COUNT);

    /// Mail that is expunged, by users or by mailbox_autoexpunge, goes into this mailbox, which is made when it is needed; from there
    /// it goes for good. Empty means that mail is removed at once. A mailbox that is deleted takes its mail with it.
    ///
    /// Set it, with a time in mailbox_autoexpunge, so that users can take back what they have removed by mistake.
    ///
    ///     lazy_expunge_mailbox = Expunged
    public static final Param<String> LAZY_EXPUNGE_MAILBOX = T.text("lazy_expunge_mailbox", "");

    /// Mail that is expunged in these mailboxes is not kept in lazy_expunge_mailbox. In names * stands for anything, ? for one
    /// character, and / separates levels.
    ///
    /// Name those whose mail nobody will want back.
    ///
    ///     lazy_expunge_exclude = Junk, {Mailing lists/*}
    public static final Param<List<String>> LAZY_EXPUNGE_EXCLUDE =
            T.list("lazy_expunge_exclude", "");

    /// The mailbox of an account is this file below its home directory; a / at its end makes it a
    /// Maildir.
    ///
    /// Set Maildir/ on a new server: a Maildir needs no locks and takes folders.
    ///
    ///     home_mailbox = Maildir/
    public static final Param<String> HOME_MAILBOX = T.text("home_mailbox", "");

    /// The mailbox of an account is a file of its name in this directory, if home_mailbox is not
    /// set; a / at the end makes Maildirs of them.
    ///
    /// Change it if mailboxes lie on another disk; programs that look for mail must be told.
    ///
    ///     mail_spool_directory = /srv/mail/spool/
    public static final Param<String> MAIL_SPOOL_DIRECTORY =
            T.text("mail_spool_directory", "/var/mail");

    /// Only with this group are mailboxes in the mail spool opened, made and locked; empty means
    /// the group of that directory, if it alone may write there.
    ///
    /// Set it if the directory has another group than the mailboxes need.
    ///
    ///     mail_privileged_group = mail
    public static final Param<String> MAIL_PRIVILEGED_GROUP = T.text("mail_privileged_group", "");

    /// imapd(8) and pop3d(8) lock an mbox by these means, all of them: fcntl, flock, dotlock.
    ///
    /// Change it to what local(8) and all other programs that touch the file use.
    ///
    ///     mbox_write_locks = dotlock, fcntl
    public static final Param<List<String>> MBOX_WRITE_LOCKS =
            T.list("mbox_write_locks", "fcntl, dotlock");

    /// A session waits this long for the lock of an mbox before it gives up with an error.
    ///
    /// Shorten it if users wait for a program that never gives the lock back.
    ///
    ///     mbox_lock_timeout = 30s
    public static final Param<Duration> MBOX_LOCK_TIMEOUT = T.time("mbox_lock_timeout", "120s");

    /// A lock file of an mbox that nobody has touched for this long is taken away by a session.
    ///
    /// There is hardly a reason to change it; it must be longer than any program holds a lock.
    ///
    ///     mbox_dotlock_change_timeout = 1000s
    public static final Param<Duration> MBOX_DOTLOCK_CHANGE_TIMEOUT =
            T.time("mbox_dotlock_change_timeout", "500s");

    /// A user may have this many sessions from one address; 0 means no limit.
    ///
    /// Raise it for users whose mail readers open a connection for each folder.
    ///
    ///     mail_max_userip_connections = 30
    public static final Param<Long> MAIL_MAX_USERIP_CONNECTIONS =
            T.number("mail_max_userip_connections", 10, 0);

    /// imapd(8) and pop3d(8) greet clients with this text.
    ///
    /// Change it if strangers need not know which software you run.
    ///
    ///     login_greeting = Mail server ready.
    public static final Param<String> LOGIN_GREETING = T.text("login_greeting", "Postino ready.");

    /// Accounts of the system with a lower user id than this, root among them, cannot log in.
    ///
    /// Raise it to where the ids of people begin on your system.
    ///
    ///     first_valid_uid = 1000
    public static final Param<Long> FIRST_VALID_UID = T.number("first_valid_uid", 500, 1);

    /// Proxies in these networks may connect to rows with imapd_haproxy or pop3d_haproxy; others are
    /// disconnected there.
    ///
    /// Name the addresses of the proxy alone: whoever is in the list can take on any address.
    ///
    ///     haproxy_trusted_networks = 192.0.2.17, 2001:db8::/64
    public static final Param<List<String>> HAPROXY_TRUSTED_NETWORKS =
            T.list("haproxy_trusted_networks", "");

    /// The header of imapd_haproxy or pop3d_haproxy must be there within this time.
    ///
    /// There is hardly a reason to change it: a proxy sends the header at once.
    ///
    ///     haproxy_timeout = 10s
    public static final Param<Duration> HAPROXY_TIMEOUT = T.time("haproxy_timeout", "3s");

    /// All of the above.
    public static final ParamTable ALL = T.table();

    private MailParams() {}
}
