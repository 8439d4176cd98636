// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.postino.util.ByteNames;

/// The configuration files of a new instance.
final class InstanceFiles {
    private InstanceFiles() {}

    static String mainCf(Path dir, String domain, String owner) {
        return """
        # An instance of Postino that needs no root: everything lies in this directory, and only this
        # machine can reach it. All parameters: postconf -c . -d; those set here: postconf -c . -n
        compatibility_level = 3.11

        config_directory = DIR
        queue_directory = DIR/spool
        data_directory = DIR/data
        maillog_file = DIR/log/mail.log
        maillog_file_prefixes = DIR/log
        mail_owner = OWNER

        # Who we are, and whose mail is delivered here
        myhostname = DOMAIN
        mydomain = DOMAIN
        myorigin = $mydomain
        mydestination = $mydomain, localhost.$mydomain, localhost
        inet_interfaces = loopback-only
        mynetworks = 127.0.0.0/8, [::1]/128

        # Users stand in the file passwd (see postuser), other names in aliases (see newaliases)
        auth_passwd_file = DIR/passwd
        alias_maps = hash:DIR/aliases
        alias_database = hash:DIR/aliases
        local_recipient_maps = userdb: $alias_maps
        recipient_delimiter = +
        auth_default_domain = $mydomain
        virtual_mailbox_base = DIR/mail
        home_mailbox = Maildir/
        mail_location = maildir:~/Maildir

        # Encryption, with a certificate that nobody has signed; put your own in its place
        smtpd_tls_chain_files = DIR/tls.pem
        smtpd_tls_security_level = may

        # Passwords go over connections without encryption from this machine only
        auth_allow_cleartext = no
        """
                .replace("DIR", ByteNames.text(dir))
                .replace("DOMAIN", domain)
                .replace("OWNER", owner);
    }

    /// Returns the text of master.cf.
    ///
    /// @param base the number that is added to each well-known port
    static String masterCf(int base) throws IOException {
        return ("""
        # service          type  private unpriv  chroot  wakeup  maxproc command + args
        #                        (yes)   (yes)   (no)    (never) (100)
        """
                + inet(base + 25, "smtpd", "")
                + inet(
                        base + 587,
                        "smtpd",
                        """
                          -o syslog_name=postino/submission
                          -o smtpd_forbid_unauth_pipelining=no
                          -o smtpd_sasl_auth_enable=yes
                          -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
                          -o local_header_rewrite_clients=static:all
                        """)
                + inet(
                        base + 465,
                        "smtpd",
                        """
                          -o syslog_name=postino/submissions
                          -o smtpd_forbid_unauth_pipelining=no
                          -o smtpd_tls_wrappermode=yes
                          -o smtpd_sasl_auth_enable=yes
                          -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
                          -o local_header_rewrite_clients=static:all
                        """)
                + inet(base + 143, "imapd", "")
                + inet(base + 993, "imapd", "  -o imapd_tls_wrappermode=yes\n")
                + inet(base + 110, "pop3d", "")
                + inet(base + 995, "pop3d", "  -o pop3d_tls_wrappermode=yes\n")
                + unix());
    }

    /// Returns the rows without a port, which are those of the package's master.cf.
    private static String unix() throws IOException {
        var rows = new StringBuilder();
        boolean begun = false;
        for (String line : shipped().lines().toList()) {
            String service = line.substring(0, Math.max(0, line.indexOf(' ')));
            String rest = line.substring(service.length()).stripLeading();
            begun |= !line.startsWith("#") && rest.startsWith("unix ");
            if (!begun) {
                continue;
            }
            rows.append(
                            service.isEmpty() || line.startsWith("#")
                                    ? line.replace("{postfix}", "{postino}")
                                    : padded(service) + rest)
                    .append('\n');
        }
        return rows.toString();
    }

    private static String shipped() throws IOException {
        try (var in = InstanceFiles.class.getResourceAsStream("master.cf")) {
            if (in == null) {
                throw new IllegalStateException("master.cf is not among the resources");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String padded(String service) {
        return service + " ".repeat(Math.max(1, 19 - service.length()));
    }

    private static String inet(int port, String program, String options) {
        return padded("127.0.0.1:" + port)
                + "inet  n       -       n       -       -       "
                + program
                + "\n"
                + options;
    }

    static String aliases(Path dir) {
        return """
        # Names that are not users: "name: destination, destination". After a change: newaliases
        MAILER-DAEMON: postmaster
        postmaster:    root
        abuse:         postmaster
        # Who reads root's mail? Until someone does, it is kept in a file.
        root:          DIR/mail/root.mbox
        """
                .replace("DIR", ByteNames.text(dir));
    }
}
