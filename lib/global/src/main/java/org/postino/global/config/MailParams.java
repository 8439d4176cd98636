// SPDX-License-Identifier: Apache-2.0

package org.postino.global.config;

/// Parameters of the mail store and of the daemons that show it, imapd(8) and pop3d(8).
public final class MailParams {
    private static final ParamTable.Builder T = ParamTable.declare();

    public static final Param<String> MAIL_LOCATION =
            T.raw(
                    "mail_location",
                    "maildir:~/Maildir",
                    "Where the mail of a user lies: maildir:PATH or mbox:PATH:INBOX=FILE; ~ is the home directory.");
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
