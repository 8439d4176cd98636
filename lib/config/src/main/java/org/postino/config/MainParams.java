// SPDX-License-Identifier: Apache-2.0

package org.postino.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Parameters that more than one program reads: identity, locations, address classes, limits. Every configuration has them.
public final class MainParams {
    private static final ParamTable.Builder T = ParamTable.declare();

    // Identity
    /// The compatibility level is the version of behaviour for which main.cf was written; at a
    /// lower level some parameters keep the defaults they had then.
    ///
    /// Leave it alone at an upgrade, read in the release notes which defaults change, and raise it
    /// when your main.cf agrees with them.
    ///
    ///     compatibility_level = 3.11
    public static final Param<String> COMPATIBILITY_LEVEL = T.text("compatibility_level", "0");

    /// The name of the mail system stands in the SMTP greeting, in Received: header fields and in
    /// notifications.
    ///
    /// Change it if you do not want to tell strangers which software you run.
    ///
    ///     mail_name = Mail
    public static final Param<String> MAIL_NAME = T.text("mail_name", "Postino");

    /// The version of the mail system is set by the program and can only be read.
    ///
    /// Refer to it in other values, or ask for it with postconf when you report a fault.
    ///
    ///     smtpd_banner = $myhostname ESMTP $mail_name $mail_version
    public static final Param<String> MAIL_VERSION = T.text("mail_version", "");

    /// The host name is this machine's full name on the internet; the greeting, HELO and many other
    /// defaults use it. Without it the kernel's name is taken, with .localdomain behind a name that
    /// has no dot.
    ///
    /// Set it if the kernel's name is not the one that the DNS has for your address, since other
    /// servers compare the two.
    ///
    ///     myhostname = mail.example.com
    public static final Param<String> MYHOSTNAME = T.required("myhostname", "");

    /// The domain is the part of the name that this machine shares with its neighbours; by default
    /// it is $myhostname without its first label.
    ///
    /// Set it if the machine bears the name of the domain itself, or if its domain lies more than
    /// one label up.
    ///
    ///     mydomain = example.com
    public static final Param<String> MYDOMAIN = T.required("mydomain", "");

    /// The origin is the domain that mail posted on this machine comes from: it completes addresses
    /// that have none, such as those of cron jobs.
    ///
    /// Set it to the domain if users' addresses shall not have the name of the host in them.
    ///
    ///     myorigin = $mydomain
    public static final Param<String> MYORIGIN = T.required("myorigin", "$myhostname");

    /// These are the domains whose mail ends at the accounts and aliases of this machine, through
    /// $local_transport. Names, files with names and type:table entries may be listed.
    ///
    /// Add each domain in which every account gets mail; a domain with its own set of users belongs
    /// in virtual_mailbox_domains or virtual_alias_domains, and nowhere else.
    ///
    ///     mydestination = $myhostname, localhost.$mydomain, localhost, example.com
    public static final Param<List<String>> MYDESTINATION =
            T.list("mydestination", "$myhostname, localhost.$mydomain, localhost");

    /// The interfaces are the addresses on which rows of type inet without a host listen; mail to
    /// user@[address] of one of them is local. Allowed are all, loopback-only, host names and
    /// addresses.
    ///
    /// Use loopback-only on a machine that sends mail and receives none from outside; postino
    /// reload opens and closes the ports.
    ///
    ///     inet_interfaces = loopback-only
    public static final Param<List<String>> INET_INTERFACES = T.list("inet_interfaces", "all");

    /// The protocols say whether IPv4, IPv6 or both are used to listen and to connect: all, ipv4,
    /// ipv6, or both names.
    ///
    /// Set ipv4 if the machine has an IPv6 address without a working route, for mail to others
    /// waits on it otherwise.
    ///
    ///     inet_protocols = ipv4
    public static final Param<String> INET_PROTOCOLS = T.text("inet_protocols", "all");

    /// These addresses belong to a proxy or address translator that passes mail on to this machine;
    /// they count as our own.
    ///
    /// List the public addresses if MX records point at a router in front of this machine: it would
    /// otherwise send mail for its own backup domains to itself.
    ///
    ///     proxy_interfaces = 198.51.100.7
    public static final Param<List<String>> PROXY_INTERFACES = T.list("proxy_interfaces", "");

    /// The DNS servers are asked for all names, as host or host:port; when the list is empty those
    /// of /etc/resolv.conf are.
    ///
    /// Set it to use a resolver of your own for mail alone, as lists of bad senders refuse public
    /// resolvers.
    ///
    ///     dns_servers = 127.0.0.1:5335
    public static final Param<List<String>> DNS_SERVERS = T.list("dns_servers", "");

    /// Clients in these networks may send mail to anybody (permit_mynetworks). Networks are written
    /// with their prefix length, IPv6 in brackets; when the list is empty mynetworks_style decides.
    ///
    /// List exactly the machines that have no password to log in with, and never a network that
    /// strangers can join; postino check tells of networks that are too wide.
    ///
    ///     mynetworks = 127.0.0.0/8, [::1]/128, 192.0.2.0/28
    public static final Param<List<String>> MYNETWORKS = T.list("mynetworks", "");

    /// The style says what $mynetworks is when it is not set: host is this machine alone, subnet
    /// the networks of its interfaces, class the old class A, B or C network around them.
    ///
    /// Use subnet only on a private network; setting mynetworks itself is clearer.
    ///
    ///     mynetworks_style = subnet
    public static final Param<String> MYNETWORKS_STYLE =
            T.choice(
                    "mynetworks_style",
                    "${{$compatibility_level} <level {2} ? {subnet} : {host}}",
                    List.of("host", "subnet", "class"));

    /// Each of these characters ends the user name and begins an address extension: with + mail to
    /// ann+shop@example.com goes to ann.
    ///
    /// Set it to let users give each correspondent an address of its own, and filter by it.
    ///
    ///     recipient_delimiter = +
    public static final Param<String> RECIPIENT_DELIMITER = T.text("recipient_delimiter", "");

    /// The instance name tells this instance from others on the machine and becomes the tag of its
    /// log lines ($syslog_name).
    ///
    /// Set it in the second and each further instance, so that their lines can be told apart.
    ///
    ///     multi_instance_name = postino-out
    public static final Param<String> MULTI_INSTANCE_NAME = T.text("multi_instance_name", "");

    // Locations and owners
    /// The configuration directory is where main.cf, master.cf and, by default, the passwd-file
    /// lie.
    ///
    /// It is named with -c or MAIL_CONFIG, not in main.cf; other values refer to it so that they
    /// fit each instance.
    ///
    ///     virtual_alias_maps = hash:$config_directory/virtual
    public static final Param<Path> CONFIG_DIRECTORY = T.path("config_directory", "/etc/postino");

    /// The queue directory holds all mail under way, and in public, private and pid the sockets and
    /// locks of the daemons.
    ///
    /// Move it if mail shall lie on a disk of its own: stop the suite, move the files on one file
    /// system, set the new name and start.
    ///
    ///     queue_directory = /srv/mail/queue
    public static final Param<Path> QUEUE_DIRECTORY =
            T.path("queue_directory", "/var/spool/postino");

    /// The data directory is for files that programs write for themselves, such as the report of a
    /// crash; no mail lies in it.
    ///
    /// Give each instance its own; a change takes a stop and a start.
    ///
    ///     data_directory = /var/lib/postino-out
    public static final Param<Path> DATA_DIRECTORY = T.path("data_directory", "/var/lib/postino");

    /// The pid directory, relative to $queue_directory, holds master.pid, by which a second master
    /// is kept away, and other locks.
    ///
    /// There is hardly a reason to change it; a script that reads master.pid must follow.
    ///
    ///     process_id_directory = run
    public static final Param<Path> PROCESS_ID_DIRECTORY = T.path("process_id_directory", "pid");

    /// The mail owner is the user who owns the queue and as whom most daemons run; the others run
    /// as this name with -smtpd, -smtp, -imapd, -pop3d, -local and -auth behind it.
    ///
    /// Change it to run a second instance under users of its own, which must exist and be used for
    /// nothing else.
    ///
    ///     mail_owner = postino-out
    public static final Param<String> MAIL_OWNER = T.required("mail_owner", "postino");

    /// The user that runs commands and writes files named in aliases, when nothing else determines
    /// one: when the alias table is root's.
    ///
    /// Set it to a user made for such programs if nobody may do too little for them; root and
    /// $mail_owner are no good.
    ///
    ///     default_privs = listmaster
    public static final Param<String> DEFAULT_PRIVS = T.text("default_privs", "nobody");

    // Logging
    /// The log file receives all lines of the log; when it is empty they go to the log daemon, and
    /// /dev/stdout stands for standard output.
    ///
    /// Set it where no log daemon runs, or to keep the mail log in a file of its own; containers
    /// use /dev/stdout.
    ///
    ///     maillog_file = /var/log/postino.log
    public static final Param<String> MAILLOG_FILE = T.text("maillog_file", "");

    /// A suite started by root writes $maillog_file only below one of these paths, so that a slip
    /// does not overwrite a file of the system.
    ///
    /// Add a path if your logs lie somewhere else.
    ///
    ///     maillog_file_prefixes = /var, /srv/log, /dev/stdout
    public static final Param<List<String>> MAILLOG_FILE_PREFIXES =
            T.list("maillog_file_prefixes", "/var, /dev/stdout");

    /// A new $maillog_file is made with this mode, in octal.
    ///
    /// Set 0640 to let the log file's group read it.
    ///
    ///     maillog_file_permissions = 0640
    public static final Param<String> MAILLOG_FILE_PERMISSIONS =
            T.text("maillog_file_permissions", "0600");

    /// The suffix, in the form of date(1), stands behind the name of the old log file when postino
    /// logrotate begins a new one.
    ///
    /// Shorten it to the day if the log is rotated once a day.
    ///
    ///     maillog_file_rotate_suffix = %Y%m%d
    public static final Param<String> MAILLOG_FILE_ROTATE_SUFFIX =
            T.raw("maillog_file_rotate_suffix", "%Y%m%d-%H%M%S");

    /// The compressor is the program with which postino logrotate packs the old log file; empty, it
    /// stays as it is.
    ///
    /// Set another program, or none if something else packs logs.
    ///
    ///     maillog_file_compressor = xz
    public static final Param<String> MAILLOG_FILE_COMPRESSOR =
            T.text("maillog_file_compressor", "gzip");

    /// The facility is the class under which lines reach the log daemon, which sorts them into
    /// files by it.
    ///
    /// Use one of local0 to local7 to keep the lines of this instance out of the common mail log.
    ///
    ///     syslog_facility = local3
    public static final Param<String> SYSLOG_FACILITY =
            T.choice("syslog_facility", "mail", SyslogFacility.WORDS);

    /// The log name stands before the program in each line: NAME/smtpd[pid]. By default it is the
    /// instance's name, or what log_names says.
    ///
    /// Give rows of master.cf their own with -o, so that mail of users who log in is told from
    /// other mail.
    ///
    ///     syslog_name = postino/submission
    public static final Param<String> SYSLOG_NAME =
            T.text(
                    "syslog_name",
                    "${multi_instance_name?{$multi_instance_name}:{${{$log_names} == {compatible} ? {postfix} : {postino}}}}");

    /// The log names choose the words of log lines: compatible are those of Postfix
    /// (postfix/smtpd[pid]: ...), and for mail access and passwords those of Dovecot (dovecot:
    /// imap-login: ...); native are our own (postino/smtpd[pid]: ...).
    ///
    /// Use compatible if fail2ban, pflogsumm or scripts of yours read the log; the package does.
    ///
    ///     log_names = compatible
    public static final Param<String> LOG_NAMES =
            T.choice("log_names", "native", List.of("native", "compatible"));

    // Address rewriting
    /// An address without a domain gets @$myorigin behind it; mail from other machines, whose
    /// header fields are left alone, gets it in the envelope only.
    ///
    /// Leave it on: mail to a bare name cannot be delivered otherwise.
    ///
    ///     append_at_myorigin = no
    public static final Param<Boolean> APPEND_AT_MYORIGIN = T.bool("append_at_myorigin", true);

    /// A domain without a dot gets .$mydomain behind it, so that ann@pc means ann@pc.example.com.
    ///
    /// Turn it on only if users really write short host names, for a misspelt domain becomes one of
    /// yours then.
    ///
    ///     append_dot_mydomain = yes
    public static final Param<Boolean> APPEND_DOT_MYDOMAIN =
            T.bool("append_dot_mydomain", "${{$compatibility_level} <level {1} ? {yes} : {no}}");

    /// An address site!user, as UUCP had it, is rewritten to user@site.
    ///
    /// Turn it off if local parts with an exclamation mark are in use at your site.
    ///
    ///     swap_bangpath = no
    public static final Param<Boolean> SWAP_BANGPATH = T.bool("swap_bangpath", true);

    /// An address user%domain is rewritten to user@domain.
    ///
    /// Turn it off if local parts with a percent sign are in use at your site.
    ///
    ///     allow_percent_hack = no
    public static final Param<Boolean> ALLOW_PERCENT_HACK = T.bool("allow_percent_hack", true);

    /// A quoted local part is looked at as if it had no quotes, so that @, ! or % inside it
    /// counts.
    ///
    /// Leave it on: off, strangers may have mail relayed by a server behind this one, as
    /// "user@elsewhere"@example.com passes.
    ///
    ///     resolve_dequoted_address = no
    public static final Param<Boolean> RESOLVE_DEQUOTED_ADDRESS =
            T.bool("resolve_dequoted_address", true);

    /// An address user@ is taken for user@$myhostname; by default it is refused as bad syntax.
    ///
    /// Turn it on only for old programs that leave the domain out and cannot be mended.
    ///
    ///     resolve_null_domain = yes
    public static final Param<Boolean> RESOLVE_NULL_DOMAIN = T.bool("resolve_null_domain", false);

    /// An address user@192.0.2.1 is taken for user@[192.0.2.1]; by default it is refused as bad
    /// syntax.
    ///
    /// Turn it on if devices in your network write addresses without the brackets.
    ///
    ///     resolve_numeric_domain = yes
    public static final Param<Boolean> RESOLVE_NUMERIC_DOMAIN =
            T.bool("resolve_numeric_domain", false);

    /// Strangers may use addresses that name a further stop, such as user%elsewhere@example.com,
    /// for domains that this server relays.
    ///
    /// Leave it off: the server behind may send such mail on to anybody, and this one is the relay
    /// then.
    ///
    ///     allow_untrusted_routing = yes
    public static final Param<Boolean> ALLOW_UNTRUSTED_ROUTING =
            T.bool("allow_untrusted_routing", false);

    /// Mail whose recipient is the null address goes to this one.
    ///
    /// Change it if such mail, returned notifications for the most part, shall reach a person.
    ///
    ///     empty_address_recipient = postmaster
    public static final Param<String> EMPTY_ADDRESS_RECIPIENT =
            T.text("empty_address_recipient", "MAILER-DAEMON");

    /// Notifications to the postmaster come from this address in $myorigin; mail to it is
    /// discarded, so that they never come back.
    ///
    /// Change it only if a user of yours has that name.
    ///
    ///     double_bounce_sender = bounces-end-here
    public static final Param<String> DOUBLE_BOUNCE_SENDER =
            T.text("double_bounce_sender", "double-bounce");

    /// The row of master.cf whose cleanup takes what smtpd, pickup, bounce and local bring: its name, that of a socket in
    /// public.
    ///
    /// Set it, with -o in a row for submission, to a second row of cleanup that has header_checks of its own.
    ///
    ///     cleanup_service_name = subcleanup
    public static final Param<String> CLEANUP_SERVICE_NAME =
            T.required("cleanup_service_name", "cleanup");

    /// The extension of an address looked up is put on the result of these kinds of tables too:
    /// with canonical, ann+shop mapped by ann to anna becomes anna+shop. Known are canonical, virtual
    /// and generic; alias, for addresses that stand in alias_maps, forward, for those in .forward files,
    /// and include, for those in files that either includes.
    ///
    /// Leave out virtual if extensions shall not reach the servers to which your aliases lead.
    ///
    ///     propagate_unmatched_extensions = canonical
    public static final Param<List<String>> PROPAGATE_UNMATCHED_EXTENSIONS =
            T.list("propagate_unmatched_extensions", "canonical, virtual");

    // Address classes and routing
    /// The table type stands for that of tables named without one, and of the files that newaliases
    /// makes.
    ///
    /// There is hardly a reason to change it: hash, btree, lmdb and cdb are one format here.
    ///
    ///     default_database_type = lmdb
    public static final Param<String> DEFAULT_DATABASE_TYPE =
            T.text("default_database_type", "hash");

    /// The alias tables tell local(8) what a local name stands for: other addresses, files,
    /// commands or lists.
    ///
    /// Add a table if somebody else, a list manager say, keeps aliases of its own; files and
    /// commands of a table run with the rights of its owner.
    ///
    ///     alias_maps = hash:/etc/aliases, hash:/etc/postino/lists
    public static final Param<List<String>> ALIAS_MAPS =
            T.list("alias_maps", "$default_database_type:/etc/aliases");

    /// The alias database is what newaliases(1) makes anew when it is called without arguments.
    ///
    /// Keep it to the tables of alias_maps that are made on this machine from a text.
    ///
    ///     alias_database = hash:/etc/aliases, hash:/etc/postino/lists
    public static final Param<List<String>> ALIAS_DATABASE =
            T.list("alias_database", "$default_database_type:/etc/aliases");

    /// The local recipients are the names that exist in $mydestination; smtpd(8) refuses mail to
    /// all others. If the list is empty every name is accepted, and mail for those who do not exist
    /// is returned later.
    ///
    /// Add userdb: when users stand in the passwd-file of auth(8), or your own table when
    /// mailbox_transport leads elsewhere.
    ///
    ///     local_recipient_maps = proxy:unix:passwd.byname userdb: $alias_maps
    public static final Param<List<String>> LOCAL_RECIPIENT_MAPS =
            T.list("local_recipient_maps", "proxy:unix:passwd.byname $alias_maps");

    /// The local transport delivers mail for $mydestination and for the addresses of this machine.
    ///
    /// Change it on a machine without mailboxes, where an error or a relay is to take the place of
    /// local(8).
    ///
    ///     local_transport = error:5.1.1 no mailboxes here
    public static final Param<String> LOCAL_TRANSPORT =
            T.required("local_transport", "local:$myhostname");

    /// The virtual maps are what virtual_alias_maps and virtual_alias_domains are when they are not
    /// set; the name is an old one.
    ///
    /// Use virtual_alias_maps in new files.
    ///
    ///     virtual_maps = hash:/etc/postino/virtual
    public static final Param<List<String>> VIRTUAL_MAPS = T.list("virtual_maps", "");

    /// The virtual alias tables replace a recipient, in any domain, by one or more other addresses
    /// before the message enters the queue.
    ///
    /// Use them for addresses that lead elsewhere, one line an address; @example.com on the left
    /// catches all that is left of a domain.
    ///
    ///     virtual_alias_maps = hash:/etc/postino/virtual
    public static final Param<List<String>> VIRTUAL_ALIAS_MAPS =
            T.list("virtual_alias_maps", "$virtual_maps");

    /// All addresses of these domains are aliases for addresses in other domains, and smtpd(8)
    /// refuses those without an alias. By default each domain that has a line of its own in
    /// $virtual_alias_maps is one.
    ///
    /// List them by name if they stand in no table; none of them may stand in mydestination, too.
    ///
    ///     virtual_alias_domains = example.org, example.net
    public static final Param<List<String>> VIRTUAL_ALIAS_DOMAINS =
            T.list("virtual_alias_domains", "$virtual_alias_maps");

    /// Mail to these domains is delivered with $virtual_transport, to users without an account on
    /// this machine.
    ///
    /// List a domain whose users stand in virtual_mailbox_maps or in the passwd-file; it must not
    /// be in mydestination.
    ///
    ///     virtual_mailbox_domains = example.org
    public static final Param<List<String>> VIRTUAL_MAILBOX_DOMAINS =
            T.list("virtual_mailbox_domains", "$virtual_mailbox_maps");

    /// These tables have the users of $virtual_mailbox_domains and the path of each mailbox below
    /// virtual_mailbox_base: a Maildir with a / at its end, else an mbox. Without any table, or
    /// with userdb:, users of auth(8) are taken.
    ///
    /// Set it when you move from a server that had such tables; otherwise the passwd-file says
    /// where mail lies.
    ///
    ///     virtual_mailbox_maps = hash:/etc/postino/vmailbox
    public static final Param<List<String>> VIRTUAL_MAILBOX_MAPS =
            T.list("virtual_mailbox_maps", "");

    /// The virtual transport delivers mail for $virtual_mailbox_domains.
    ///
    /// Set it to lmtp to hand the mail to another program that keeps the mailboxes.
    ///
    ///     virtual_transport = lmtp:unix:private/dovecot-lmtp
    public static final Param<String> VIRTUAL_TRANSPORT =
            T.required("virtual_transport", "virtual");

    /// Mail to these domains is passed on to their own servers, even if strangers send it;
    /// everything else needs permission to relay.
    ///
    /// List the domains for which this machine is a backup or a gateway, and give
    /// relay_recipient_maps with them.
    ///
    ///     relay_domains = example.org, hash:/etc/postino/relay
    public static final Param<List<String>> RELAY_DOMAINS =
            T.list("relay_domains", "${{$compatibility_level} <level {2} ? {$mydestination} : {}}");

    /// These tables have all recipients that exist in $relay_domains; smtpd(8) refuses mail to
    /// others. Without a table all are accepted.
    ///
    /// Set it, for a gateway that takes mail for everybody has to return most of it, to senders
    /// that are forged.
    ///
    ///     relay_recipient_maps = hash:/etc/postino/relay_recipients
    public static final Param<List<String>> RELAY_RECIPIENT_MAPS =
            T.list("relay_recipient_maps", "");

    /// The relay transport delivers mail for $relay_domains; it is a row of master.cf of its own,
    /// so that mail of others cannot hold it up.
    ///
    /// Name a next hop behind it if MX records do not lead to the right server.
    ///
    ///     relay_transport = relay:[inner.example.com]
    public static final Param<String> RELAY_TRANSPORT = T.required("relay_transport", "relay");

    /// The default transport delivers mail for all domains that are in no other class.
    ///
    /// Set it to an error on a machine that must not send mail out.
    ///
    ///     default_transport = error:5.7.1 no mail leaves this machine
    public static final Param<String> DEFAULT_TRANSPORT = T.required("default_transport", "smtp");

    /// The relay host takes all mail for other domains; [host] suppresses the MX lookup, and :port
    /// names another port than 25.
    ///
    /// Set it where port 25 to the world is closed, or where a provider or gateway must send all
    /// mail; smtp_sasl_password_maps has the password.
    ///
    ///     relayhost = [smtp.isp.example]:587
    public static final Param<String> RELAYHOST = T.text("relayhost", "");

    /// The transport tables give a transport and next hop, transport:nexthop, for an address, a
    /// domain, or with .example.com its subdomains.
    ///
    /// Use them for the few destinations that need another way than that of their class.
    ///
    ///     transport_maps = hash:/etc/postino/transport
    public static final Param<List<String>> TRANSPORT_MAPS = T.list("transport_maps", "");

    /// These tables give a next hop in place of $relayhost by the sender: by the address, or
    /// by @domain.
    ///
    /// Use them when each domain of yours must send through its own provider;
    /// smtp_sender_dependent_authentication then finds the password by sender.
    ///
    ///     sender_dependent_relayhost_maps = hash:/etc/postino/relayhosts
    public static final Param<List<String>> SENDER_DEPENDENT_RELAYHOST_MAPS =
            T.list("sender_dependent_relayhost_maps", "");

    /// These tables give a transport and next hop in place of $default_transport by the sender: by
    /// the address, or by @domain.
    ///
    /// Use them to send the mail of one domain from an address of its own, through a row of
    /// master.cf with its smtp_bind_address.
    ///
    ///     sender_dependent_default_transport_maps = inline:{ @example.org=smtp-org: }
    public static final Param<List<String>> SENDER_DEPENDENT_DEFAULT_TRANSPORT_MAPS =
            T.list("sender_dependent_default_transport_maps", "");

    /// These tables have users and domains that have moved; mail to them is refused with the new
    /// address in the reply.
    ///
    /// Use them for a while after someone has left, so that correspondents hear the new address
    /// instead of "unknown user".
    ///
    ///     relocated_maps = hash:/etc/postino/relocated
    public static final Param<List<String>> RELOCATED_MAPS = T.list("relocated_maps", "");

    /// smtpd(8) offers REQUIRETLS to clients on TLS, and smtp(8) heeds it as smtp_requiretls_policy says. RFC 8689.
    ///
    /// Turn it off if no message shall ever be returned because a server lacks TLS.
    ///
    ///     requiretls_enable = no
    public static final Param<Boolean> REQUIRETLS_ENABLE = T.bool("requiretls_enable", true);

    /// A message with REQUIRETLS gets a header field Require-TLS-ESMTP: yes, and a message that comes with that field counts as one with
    /// REQUIRETLS. So the wish survives a content filter that knows nothing of it.
    ///
    /// Turn it off if there is no content filter before or behind the queue: readers see the field.
    ///
    ///     requiretls_esmtp_header = no
    public static final Param<Boolean> REQUIRETLS_ESMTP_HEADER =
            T.bool("requiretls_esmtp_header", true);

    /// A message with the header field TLS-Required: no is sent even where smtp_tls_security_level
    /// demands more TLS than a server has. What smtp_tls_policy_maps say of a destination holds all
    /// the same, and so does encryption where smtp(8) logs in. RFC 8689.
    ///
    /// Turn it off if no user shall decide so.
    ///
    ///     tls_required_enable = no
    public static final Param<Boolean> TLS_REQUIRED_ENABLE = T.bool("tls_required_enable", true);

    /// In the tables and lists named here example.com also stands for its subdomains; in others
    /// those are written .example.com.
    ///
    /// Take out smtpd_access_maps if a domain in an access table shall not count for what lies
    /// below it.
    ///
    ///     parent_domain_matches_subdomains = mynetworks, relay_domains
    public static final Param<List<String>> PARENT_DOMAIN_MATCHES_SUBDOMAINS =
            T.list(
                    "parent_domain_matches_subdomains",
                    "debug_peer_list,fast_flush_domains,mynetworks,permit_mx_backup_networks,qmqpd_authorized_clients,relay_domains,smtpd_access_maps");

    // Messages and queue
    /// A message may have this many bytes, header and body as they are sent; larger ones are
    /// refused. 0 means no limit.
    ///
    /// Raise it for large attachments, which grow by a third on the way, and mailbox_size_limit and
    /// virtual_mailbox_limit with it.
    ///
    ///     message_size_limit = 52428800
    public static final Param<Long> MESSAGE_SIZE_LIMIT =
            T.number("message_size_limit", 10240000, 0);

    /// A header field is kept up to this many bytes; the rest of it is dropped.
    ///
    /// Raise it only if programs of yours write longer fields.
    ///
    ///     header_size_limit = 204800
    public static final Param<Long> HEADER_SIZE_LIMIT = T.number("header_size_limit", 102400, 1);

    /// A line of a client is read in pieces of this many bytes; a command that is longer is
    /// refused.
    ///
    /// There is hardly a reason to change it: longer lines of a message are kept whole, whatever it
    /// says.
    ///
    ///     line_length_limit = 4096
    public static final Param<Long> LINE_LENGTH_LIMIT = T.number("line_length_limit", 2048, 512);

    /// A message that has more Received: header fields than this runs in a circle, and is refused.
    ///
    /// Raise it only if mail of yours really passes that many servers.
    ///
    ///     hopcount_limit = 80
    public static final Param<Long> HOPCOUNT_LIMIT = T.number("hopcount_limit", 50, 1);

    /// Long queue ids, made of the time and the file's number, are never used twice; short ones
    /// come again after a while.
    ///
    /// Turn it on if you look for messages in logs of weeks, or send logs to one place from many
    /// servers.
    ///
    ///     enable_long_queue_ids = yes
    public static final Param<Boolean> ENABLE_LONG_QUEUE_IDS =
            T.bool("enable_long_queue_ids", false);

    /// The files of these queue directories are spread over subdirectories, named by characters of
    /// the queue id.
    ///
    /// Add a directory that holds tens of thousands of files; with maildrop in the list, master
    /// does not watch it and sendmail connects to pickup.
    ///
    ///     hash_queue_names = deferred, defer, incoming
    public static final Param<List<String>> HASH_QUEUE_NAMES =
            T.list("hash_queue_names", "deferred, defer");

    /// The directories of $hash_queue_names are split over this many levels of subdirectories.
    ///
    /// One level does for most; two help on file systems that are slow with large directories.
    ///
    ///     hash_queue_depth = 2
    public static final Param<Long> HASH_QUEUE_DEPTH = T.number("hash_queue_depth", 1, 1, 16);

    /// The queue's file system must have this many bytes free, and in any case one and a half times
    /// $message_size_limit, or mail is refused with 452 for the time being.
    ///
    /// Set it if other programs need room on the same disk.
    ///
    ///     queue_minfree = 1000000000
    public static final Param<Long> QUEUE_MINFREE = T.number("queue_minfree", 0, 0);

    /// Mail that would be returned stays in the queue instead, and smtpd(8) answers 4xx where it
    /// would say 5xx.
    ///
    /// Turn it on while you change tables or domains, look at the log, and turn it off on the same
    /// day.
    ///
    ///     soft_bounce = yes
    public static final Param<Boolean> SOFT_BOUNCE = T.bool("soft_bounce", false);

    /// The postmaster gets copies of notifications of these kinds: bounce (returned mail), delay
    /// (late mail), 2bounce (notifications that could not be delivered). Postfix's other words are
    /// accepted and mean nothing.
    ///
    /// Add 2bounce to hear of mail that is lost, and bounce on a small server.
    ///
    ///     notify_classes = bounce, 2bounce
    public static final Param<List<String>> NOTIFY_CLASSES =
            T.list("notify_classes", "resource, software");

    // Processes
    /// A service whose row in master.cf does not say has this many sessions, or deliveries, at a
    /// time.
    ///
    /// Raise it on a busy server; each session is a thread, not a process, and costs little.
    ///
    ///     default_process_limit = 300
    public static final Param<Long> DEFAULT_PROCESS_LIMIT =
            T.number("default_process_limit", 100, 1, 1000000);

    /// One client, an IPv4 address or the /64 of an IPv6 address, may have this many connections to
    /// a service in which nobody has logged in and no message is under way; one more makes the
    /// oldest of them end. 0 means half of the sessions that the service takes.
    ///
    /// Raise it, and maxproc, if many users behind one address log in at the same moment.
    ///
    ///     client_newcomer_limit = 200
    public static final Param<Long> CLIENT_NEWCOMER_LIMIT =
            T.number("client_newcomer_limit", 0, 0, 1000000);

    /// A service without work stays for this long before its process ends and gives its memory
    /// back.
    ///
    /// Lengthen it if the first client after a quiet time shall not wait for a start.
    ///
    ///     max_idle = 600s
    public static final Param<Duration> MAX_IDLE = T.time("max_idle", "100s");

    /// A request or session in which nothing moves for this long is taken for stuck and ended.
    ///
    /// There is hardly a reason to change it; it must be longer than the slowest delivery takes.
    ///
    ///     daemon_timeout = 36000s
    public static final Param<Duration> DAEMON_TIMEOUT = T.time("daemon_timeout", "18000s");

    /// A daemon waits this long for another daemon of the suite before the matter counts as failed
    /// for now.
    ///
    /// Leave it long: a delivery by a slow command makes the queue manager wait for just as long.
    ///
    ///     ipc_timeout = 7200s
    public static final Param<Duration> IPC_TIMEOUT = T.time("ipc_timeout", "3600s");

    /// A service that ends again and again right after its start is tried at most once in this
    /// time.
    ///
    /// Shorten it while you look for the reason; postino status shows the service as throttled.
    ///
    ///     service_throttle_time = 10s
    public static final Param<Duration> SERVICE_THROTTLE_TIME =
            T.time("service_throttle_time", "60s");

    /// The suite keeps these environment variables at its start, and sets those with a = to a
    /// value; it drops all others.
    ///
    /// Add the variables that libraries or commands of yours need.
    ///
    ///     import_environment = MAIL_CONFIG TZ=Europe/Berlin LANG=C
    public static final Param<List<String>> IMPORT_ENVIRONMENT =
            T.list("import_environment", "MAIL_CONFIG MAIL_DEBUG MAIL_LOGTAG TZ LANG=C");

    /// External commands get these environment variables of the suite beside those that tell of the
    /// message.
    ///
    /// Add what a delivery command wants to know, and to import_environment as well.
    ///
    ///     export_environment = TZ MAIL_CONFIG LANG SPAM_HOST=localhost
    public static final Param<List<String>> EXPORT_ENVIRONMENT =
            T.list("export_environment", "TZ MAIL_CONFIG LANG");

    /// These users may submit mail with sendmail(1): names, or !names for users who may not.
    ///
    /// Shut out users whose programs send mail unasked, such as that of a web server.
    ///
    ///     authorized_submit_users = !www-data, static:all
    public static final Param<List<String>> AUTHORIZED_SUBMIT_USERS =
            T.list("authorized_submit_users", "static:anyone");

    /// These users may look at the queue with mailq(1) and postqueue(1); root and $mail_owner
    /// always may.
    ///
    /// Restrict it where senders and recipients of others' mail are nobody's business.
    ///
    ///     authorized_mailq_users = root, operator
    public static final Param<List<String>> AUTHORIZED_MAILQ_USERS =
            T.list("authorized_mailq_users", "static:anyone");

    /// These users may have queued mail tried at once with postqueue -f and -i; root and
    /// $mail_owner always may.
    ///
    /// Restrict it where many users share a machine.
    ///
    ///     authorized_flush_users = root, operator
    public static final Param<List<String>> AUTHORIZED_FLUSH_USERS =
            T.list("authorized_flush_users", "static:anyone");

    /// The service name is that of the row in master.cf that a daemon serves; it is set by
    /// master(8).
    ///
    /// Refer to it in values that differ from row to row.
    ///
    ///     syslog_name = postino/$service_name
    public static final Param<String> SERVICE_NAME = T.text("service_name", "");

    /// The process name is that of the program; it is set by the program itself.
    ///
    /// Refer to it in a value that all programs read and that must tell them apart.
    ///
    ///     smtp_helo_name = $process_name.example.com
    public static final Param<String> PROCESS_NAME = T.text("process_name", "");

    /// The process id is that of the running program; it is set by the program itself.
    ///
    /// Refer to it where a number of the moment is wanted, in a banner for tests say.
    ///
    ///     smtpd_banner = $myhostname ESMTP ($process_id)
    public static final Param<String> PROCESS_ID = T.text("process_id", "");

    /// A value here makes smtpd(8) impatient: its time limits and error limits become short by
    /// default. The suite does not set it by itself, since a full service makes room among its
    /// newcomers ($client_newcomer_limit).
    ///
    /// Set it while an attack lasts, reload, and empty it afterwards.
    ///
    ///     stress = yes
    public static final Param<String> STRESS = T.text("stress", "");

    /// The socket of auth(8), relative to $queue_directory, is where passwords are checked and
    /// users looked up.
    ///
    /// Change it together with the row of master.cf if another program's socket has the name.
    ///
    ///     auth_socket_path = private/postino-auth
    public static final Param<String> AUTH_SOCKET_PATH = T.text("auth_socket_path", "private/auth");

    /// Probes of addresses, by verify(8), go where this says in the place of local_transport.
    ///
    /// Set it if the way of mail says of every address that it is good: a content filter, say, or a
    /// relay that takes all.
    ///
    ///     address_verify_local_transport = lmtp:unix:private/dovecot
    public static final Param<String> ADDRESS_VERIFY_LOCAL_TRANSPORT =
            T.required("address_verify_local_transport", "$local_transport");

    /// Probes of addresses, by verify(8), go where this says in the place of virtual_transport.
    ///
    /// Set it if the way of mail says of every address that it is good: a content filter, say, or a
    /// relay that takes all.
    ///
    ///     address_verify_virtual_transport = smtp:[mail.example.com]
    public static final Param<String> ADDRESS_VERIFY_VIRTUAL_TRANSPORT =
            T.required("address_verify_virtual_transport", "$virtual_transport");

    /// Probes of addresses, by verify(8), go where this says in the place of relay_transport.
    ///
    /// Set it if the way of mail says of every address that it is good: a content filter, say, or a
    /// relay that takes all.
    ///
    ///     address_verify_relay_transport = relay-probes
    public static final Param<String> ADDRESS_VERIFY_RELAY_TRANSPORT =
            T.required("address_verify_relay_transport", "$relay_transport");

    /// Probes of addresses, by verify(8), go where this says in the place of default_transport.
    ///
    /// Set it if the way of mail says of every address that it is good: a content filter, say, or a
    /// relay that takes all.
    ///
    ///     address_verify_default_transport = probes
    public static final Param<String> ADDRESS_VERIFY_DEFAULT_TRANSPORT =
            T.required("address_verify_default_transport", "$default_transport");

    /// Probes of addresses, by verify(8), go where this says in the place of relayhost.
    ///
    /// Set it if the way of mail says of every address that it is good: a content filter, say, or a
    /// relay that takes all.
    ///
    ///     address_verify_relayhost =
    public static final Param<String> ADDRESS_VERIFY_RELAYHOST =
            T.text("address_verify_relayhost", "$relayhost");

    /// Probes of addresses, by verify(8), go where this says in the place of transport_maps.
    ///
    /// Set it if the way of mail says of every address that it is good: a content filter, say, or a
    /// relay that takes all.
    ///
    ///     address_verify_transport_maps = hash:/etc/postino/probes
    public static final Param<List<String>> ADDRESS_VERIFY_TRANSPORT_MAPS =
            T.list("address_verify_transport_maps", "$transport_maps");

    /// Probes of addresses, by verify(8), go where this says in the place of sender_dependent_relayhost_maps.
    ///
    /// Set it if the way of mail says of every address that it is good: a content filter, say, or a
    /// relay that takes all.
    ///
    ///     address_verify_sender_dependent_relayhost_maps =
    public static final Param<List<String>> ADDRESS_VERIFY_SENDER_DEPENDENT_RELAYHOST_MAPS =
            T.list(
                    "address_verify_sender_dependent_relayhost_maps",
                    "$sender_dependent_relayhost_maps");

    /// Probes of addresses, by verify(8), go where this says in the place of sender_dependent_default_transport_maps.
    ///
    /// Set it if the way of mail says of every address that it is good: a content filter, say, or a
    /// relay that takes all.
    ///
    ///     address_verify_sender_dependent_default_transport_maps =
    public static final Param<List<String>> ADDRESS_VERIFY_SENDER_DEPENDENT_DEFAULT_TRANSPORT_MAPS =
            T.list(
                    "address_verify_sender_dependent_default_transport_maps",
                    "$sender_dependent_default_transport_maps");

    /// Probes of addresses, by verify(8), come from this address, in $myorigin if it has no domain; empty
    /// means the null sender.
    ///
    /// Set it if servers refuse the usual one. Mail to it must be accepted, and nobody reads it.
    ///
    ///     address_verify_sender = postmaster@example.com
    public static final Param<String> ADDRESS_VERIFY_SENDER =
            T.text("address_verify_sender", "$double_bounce_sender");

    /// The sender of probes changes this often: its local part gets a suffix; 0 means that it never does.
    ///
    /// Set it, to an hour say, if so many others forge the sender of your probes that servers refuse it.
    ///
    ///     address_verify_sender_ttl = 3h
    public static final Param<Duration> ADDRESS_VERIFY_SENDER_TTL =
            T.time("address_verify_sender_ttl", "0s");

    /// The row of verify(8) in master.cf, which smtpd(8) asks about addresses and qmgr(8) tells of
    /// probes.
    ///
    /// Change it together with the row.
    ///
    ///     address_verify_service_name = probes
    public static final Param<String> ADDRESS_VERIFY_SERVICE_NAME =
            T.text("address_verify_service_name", "verify");

    /// All of the above.
    public static final ParamTable ALL = T.table();

    private MainParams() {}
}
