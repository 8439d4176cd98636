// SPDX-License-Identifier: Apache-2.0

package org.postino.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// Parameters that more than one program reads: identity, locations, address classes, limits. Every configuration has them.
public final class MainParams {
    private static final ParamTable.Builder T = ParamTable.declare();

    // Identity
    public static final Param<String> COMPATIBILITY_LEVEL =
            T.text(
                    "compatibility_level",
                    "0",
                    "The level of behaviour to which main.cf was written; older files get older defaults.");
    public static final Param<String> MAIL_NAME =
            T.text(
                    "mail_name",
                    "Postino",
                    "The name of the mail system in greetings and Received: header fields.");
    public static final Param<String> MAIL_VERSION =
            T.text("mail_version", "", "The version of the mail system (read only).");
    public static final Param<String> MYHOSTNAME =
            T.required(
                    "myhostname",
                    "",
                    "The internet name of this mail system; by default what the kernel says, with .localdomain if it has no dot.");
    public static final Param<String> MYDOMAIN =
            T.required(
                    "mydomain",
                    "",
                    "The domain of this mail system; by default $myhostname less its first label.");
    public static final Param<String> MYORIGIN =
            T.required(
                    "myorigin",
                    "$myhostname",
                    "The domain that locally posted mail appears to come from, and that is appended to addresses without one.");
    public static final Param<List<String>> MYDESTINATION =
            T.list(
                    "mydestination",
                    "$myhostname, localhost.$mydomain, localhost",
                    "The domains delivered with $local_transport.");
    public static final Param<List<String>> INET_INTERFACES =
            T.list(
                    "inet_interfaces",
                    "all",
                    "The addresses on which mail is received: all, loopback-only, or host names and addresses.");
    public static final Param<String> INET_PROTOCOLS =
            T.text(
                    "inet_protocols",
                    "all",
                    "The network protocols used: all, ipv4, ipv6, or \"ipv4, ipv6\".");
    public static final Param<List<String>> PROXY_INTERFACES =
            T.list(
                    "proxy_interfaces",
                    "",
                    "Addresses at which a proxy or address translator receives mail for this system.");
    public static final Param<List<String>> DNS_SERVERS =
            T.list(
                    "dns_servers",
                    "",
                    "DNS servers, host or host:port; empty: those of /etc/resolv.conf.");
    public static final Param<List<String>> MYNETWORKS =
            T.list(
                    "mynetworks",
                    "",
                    "The networks of trusted clients; by default derived as $mynetworks_style says.");
    public static final Param<String> MYNETWORKS_STYLE =
            T.choice(
                    "mynetworks_style",
                    "${{$compatibility_level} <level {2} ? {subnet} : {host}}",
                    List.of("host", "subnet", "class"),
                    "How $mynetworks is derived from the interfaces: host, subnet or class.");
    public static final Param<String> RECIPIENT_DELIMITER =
            T.text(
                    "recipient_delimiter",
                    "",
                    "Characters that separate a user name from an address extension (user+ext).");
    public static final Param<String> MULTI_INSTANCE_NAME =
            T.text(
                    "multi_instance_name",
                    "",
                    "The name of this instance where several run on a machine.");

    // Locations and owners
    public static final Param<Path> CONFIG_DIRECTORY =
            T.path("config_directory", "/etc/postino", "The directory of main.cf and master.cf.");
    public static final Param<Path> QUEUE_DIRECTORY =
            T.path(
                    "queue_directory",
                    "/var/spool/postino",
                    "The directory of the mail queue and of the sockets between daemons.");
    public static final Param<Path> DATA_DIRECTORY =
            T.path(
                    "data_directory",
                    "/var/lib/postino",
                    "The directory of files that programs write for themselves.");
    public static final Param<Path> PROCESS_ID_DIRECTORY =
            T.path(
                    "process_id_directory",
                    "pid",
                    "The directory of pid files, relative to $queue_directory.");
    public static final Param<String> MAIL_OWNER =
            T.required(
                    "mail_owner",
                    "postino",
                    "The user that owns the queue and as which most daemons run.");
    public static final Param<String> DEFAULT_PRIVS =
            T.text(
                    "default_privs",
                    "nobody",
                    "The user as which commands and files named in aliases are run and written for lack of another.");

    // Logging
    public static final Param<String> MAILLOG_FILE =
            T.text(
                    "maillog_file",
                    "",
                    "The file that receives the log; empty: the system log; /dev/stdout: standard output.");
    public static final Param<List<String>> MAILLOG_FILE_PREFIXES =
            T.list(
                    "maillog_file_prefixes",
                    "/var, /dev/stdout",
                    "Where $maillog_file may lie when the suite is started by root.");
    public static final Param<String> MAILLOG_FILE_PERMISSIONS =
            T.text("maillog_file_permissions", "0600", "The mode of a new $maillog_file.");
    public static final Param<String> MAILLOG_FILE_ROTATE_SUFFIX =
            T.raw(
                    "maillog_file_rotate_suffix",
                    "%Y%m%d-%H%M%S",
                    "What postino logrotate appends to the name of the old $maillog_file, as date(1) formats it.");
    public static final Param<String> MAILLOG_FILE_COMPRESSOR =
            T.text(
                    "maillog_file_compressor",
                    "gzip",
                    "The program with which postino logrotate compresses the old $maillog_file; empty: none.");
    public static final Param<String> SYSLOG_FACILITY =
            T.choice(
                    "syslog_facility",
                    "mail",
                    SyslogFacility.WORDS,
                    "The facility of records in the system log.");
    public static final Param<String> SYSLOG_NAME =
            T.text(
                    "syslog_name",
                    "${multi_instance_name?{$multi_instance_name}:{${{$log_names} == {compatible} ? {postfix} : {postino}}}}",
                    "The name put before the program name in log records.");
    public static final Param<String> LOG_NAMES =
            T.choice(
                    "log_names",
                    "native",
                    List.of("native", "compatible"),
                    "The names and forms of log records. compatible: those of Postfix (postfix/smtpd[pid]: ...), and for mail access and passwords those of Dovecot (dovecot: imap-login: ...), which existing log readers and fail2ban filters know. native: postino/smtpd[pid]: ..., postino/imapd[pid]: ...");
    // Address rewriting
    public static final Param<Boolean> APPEND_AT_MYORIGIN =
            T.bool("append_at_myorigin", true, "Append @$myorigin to addresses without a domain.");
    public static final Param<Boolean> APPEND_DOT_MYDOMAIN =
            T.bool(
                    "append_dot_mydomain",
                    "${{$compatibility_level} <level {1} ? {yes} : {no}}",
                    "Append .$mydomain to domains without a dot.");
    public static final Param<Boolean> SWAP_BANGPATH =
            T.bool("swap_bangpath", true, "Rewrite site!user to user@site.");
    public static final Param<Boolean> ALLOW_PERCENT_HACK =
            T.bool("allow_percent_hack", true, "Rewrite user%domain to user@domain.");
    public static final Param<Boolean> RESOLVE_DEQUOTED_ADDRESS =
            T.bool(
                    "resolve_dequoted_address",
                    true,
                    "Look for @, % and ! in quoted local parts too; off, mail may be relayed for anybody by the servers behind.");
    public static final Param<Boolean> RESOLVE_NULL_DOMAIN =
            T.bool(
                    "resolve_null_domain",
                    false,
                    "Take user@ for user@$myhostname, instead of refusing it.");
    public static final Param<Boolean> RESOLVE_NUMERIC_DOMAIN =
            T.bool(
                    "resolve_numeric_domain",
                    false,
                    "Take user@192.0.2.1 for user@[192.0.2.1], instead of refusing it.");
    public static final Param<Boolean> ALLOW_UNTRUSTED_ROUTING =
            T.bool(
                    "allow_untrusted_routing",
                    false,
                    "Take mail from strangers for addresses that route it on (user%elsewhere@destination).");
    public static final Param<String> EMPTY_ADDRESS_RECIPIENT =
            T.text(
                    "empty_address_recipient",
                    "MAILER-DAEMON",
                    "The recipient of mail to the null address.");
    public static final Param<String> DOUBLE_BOUNCE_SENDER =
            T.text(
                    "double_bounce_sender",
                    "double-bounce",
                    "The sender of postmaster notifications; mail to it is discarded.");
    public static final Param<List<String>> PROPAGATE_UNMATCHED_EXTENSIONS =
            T.list(
                    "propagate_unmatched_extensions",
                    "canonical, virtual",
                    "The tables whose results get the address extension of the address looked up.");

    // Address classes and routing
    public static final Param<String> DEFAULT_DATABASE_TYPE =
            T.text(
                    "default_database_type",
                    "hash",
                    "The table type of files made by newaliases and named without type.");
    public static final Param<List<String>> ALIAS_MAPS =
            T.list(
                    "alias_maps",
                    "$default_database_type:/etc/aliases",
                    "The alias tables that local(8) reads.");
    public static final Param<List<String>> ALIAS_DATABASE =
            T.list(
                    "alias_database",
                    "$default_database_type:/etc/aliases",
                    "The alias tables that newaliases(1) rebuilds.");
    public static final Param<List<String>> LOCAL_RECIPIENT_MAPS =
            T.list(
                    "local_recipient_maps",
                    "proxy:unix:passwd.byname $alias_maps",
                    "Tables of all local recipients; mail to others is refused. Empty: accept all.");
    public static final Param<String> LOCAL_TRANSPORT =
            T.required("local_transport", "local:$myhostname", "The transport for $mydestination.");
    public static final Param<List<String>> VIRTUAL_MAPS =
            T.list("virtual_maps", "", "The old name of $virtual_alias_maps.");
    public static final Param<List<String>> VIRTUAL_ALIAS_MAPS =
            T.list(
                    "virtual_alias_maps",
                    "$virtual_maps",
                    "Tables that replace recipient addresses by others.");
    public static final Param<List<String>> VIRTUAL_ALIAS_DOMAINS =
            T.list(
                    "virtual_alias_domains",
                    "$virtual_alias_maps",
                    "Domains all of whose addresses are aliases for others.");
    public static final Param<List<String>> VIRTUAL_MAILBOX_DOMAINS =
            T.list(
                    "virtual_mailbox_domains",
                    "$virtual_mailbox_maps",
                    "Domains delivered with $virtual_transport.");
    public static final Param<List<String>> VIRTUAL_MAILBOX_MAPS =
            T.list(
                    "virtual_mailbox_maps",
                    "",
                    "Tables of the recipients in $virtual_mailbox_domains and their mailboxes.");
    public static final Param<String> VIRTUAL_TRANSPORT =
            T.required(
                    "virtual_transport", "virtual", "The transport for $virtual_mailbox_domains.");
    public static final Param<List<String>> RELAY_DOMAINS =
            T.list(
                    "relay_domains",
                    "${{$compatibility_level} <level {2} ? {$mydestination} : {}}",
                    "Domains that this system relays mail to.");
    public static final Param<List<String>> RELAY_RECIPIENT_MAPS =
            T.list(
                    "relay_recipient_maps",
                    "",
                    "Tables of all recipients in $relay_domains; empty: accept all.");
    public static final Param<String> RELAY_TRANSPORT =
            T.required("relay_transport", "relay", "The transport for $relay_domains.");
    public static final Param<String> DEFAULT_TRANSPORT =
            T.required("default_transport", "smtp", "The transport for all other domains.");
    public static final Param<String> RELAYHOST =
            T.text(
                    "relayhost",
                    "",
                    "The next hop of mail to other domains; [host] or [host]:port suppresses the MX lookup.");
    public static final Param<List<String>> TRANSPORT_MAPS =
            T.list(
                    "transport_maps",
                    "",
                    "Tables that give a transport and next hop for an address or domain.");
    public static final Param<List<String>> SENDER_DEPENDENT_RELAYHOST_MAPS =
            T.list(
                    "sender_dependent_relayhost_maps",
                    "",
                    "Tables that give a next hop by sender address.");
    public static final Param<List<String>> SENDER_DEPENDENT_DEFAULT_TRANSPORT_MAPS =
            T.list(
                    "sender_dependent_default_transport_maps",
                    "",
                    "Tables that give the default transport by sender address.");
    public static final Param<List<String>> RELOCATED_MAPS =
            T.list("relocated_maps", "", "Tables of users and domains that have moved.");
    public static final Param<List<String>> PARENT_DOMAIN_MATCHES_SUBDOMAINS =
            T.list(
                    "parent_domain_matches_subdomains",
                    "debug_peer_list,fast_flush_domains,mynetworks,permit_mx_backup_networks,qmqpd_authorized_clients,relay_domains,smtpd_access_maps",
                    "The features where example.com also matches its subdomains.");
    // Messages and queue
    public static final Param<Long> MESSAGE_SIZE_LIMIT =
            T.number(
                    "message_size_limit",
                    10240000,
                    0,
                    "The largest message in bytes; 0: no limit.");
    public static final Param<Long> HEADER_SIZE_LIMIT =
            T.number(
                    "header_size_limit",
                    102400,
                    1,
                    "How much of one header field is kept, in bytes.");
    public static final Param<Long> LINE_LENGTH_LIMIT =
            T.number(
                    "line_length_limit",
                    2048,
                    512,
                    "The longest line that is stored in one piece.");
    public static final Param<Long> HOPCOUNT_LIMIT =
            T.number("hopcount_limit", 50, 1, "How many Received: fields a message may have.");
    public static final Param<Boolean> ENABLE_LONG_QUEUE_IDS =
            T.bool("enable_long_queue_ids", false, "Use queue ids that are never used twice.");
    public static final Param<List<String>> HASH_QUEUE_NAMES =
            T.list(
                    "hash_queue_names",
                    "deferred, defer",
                    "The queue directories that are split into levels of subdirectories.");
    public static final Param<Long> HASH_QUEUE_DEPTH =
            T.number("hash_queue_depth", 1, 1, 16, "How many levels of subdirectories they have.");
    public static final Param<Long> QUEUE_MINFREE =
            T.number(
                    "queue_minfree",
                    0,
                    0,
                    "Bytes of free space needed in the queue file system to receive mail; 0: 1.5 messages of the largest size.");
    public static final Param<Boolean> SOFT_BOUNCE =
            T.bool(
                    "soft_bounce",
                    false,
                    "Defer mail that would be returned, and answer 4xx for 5xx: a safety net.");
    public static final Param<List<String>> NOTIFY_CLASSES =
            T.list(
                    "notify_classes",
                    "resource, software",
                    "The problems reported to the postmaster.");

    // Processes
    public static final Param<Long> DEFAULT_PROCESS_LIMIT =
            T.number(
                    "default_process_limit",
                    100,
                    1,
                    1000000,
                    "The number of simultaneous sessions of a service whose row does not say.");
    public static final Param<Long> CLIENT_NEWCOMER_LIMIT =
            T.number(
                    "client_newcomer_limit",
                    0,
                    0,
                    1000000,
                    "How many connections to a service one client, an IPv4 address or the /64 of an IPv6 address, may have in which nobody has logged in and no message is under way; one more makes the oldest of them end. 0: half of the sessions that the service takes. Many users behind one address log in at the same moment? Raise it, and maxproc.");
    public static final Param<Duration> MAX_IDLE =
            T.time("max_idle", "100s", "How long a service without work stays.");
    public static final Param<Duration> DAEMON_TIMEOUT =
            T.time(
                    "daemon_timeout",
                    "18000s",
                    "How long a daemon may take for one request before it is restarted.");
    public static final Param<Duration> IPC_TIMEOUT =
            T.time("ipc_timeout", "3600s", "How long to wait for another daemon of the suite.");
    public static final Param<Duration> SERVICE_THROTTLE_TIME =
            T.time(
                    "service_throttle_time",
                    "60s",
                    "How long to wait before a service that died at once is started again.");
    public static final Param<List<String>> IMPORT_ENVIRONMENT =
            T.list(
                    "import_environment",
                    "MAIL_CONFIG MAIL_DEBUG MAIL_LOGTAG TZ LANG=C",
                    "The environment variables the suite keeps at start.");
    public static final Param<List<String>> EXPORT_ENVIRONMENT =
            T.list(
                    "export_environment",
                    "TZ MAIL_CONFIG LANG",
                    "The environment variables that external commands get.");
    public static final Param<List<String>> AUTHORIZED_SUBMIT_USERS =
            T.list(
                    "authorized_submit_users",
                    "static:anyone",
                    "Who may submit mail with sendmail(1).");
    public static final Param<List<String>> AUTHORIZED_MAILQ_USERS =
            T.list("authorized_mailq_users", "static:anyone", "Who may look at the queue.");
    public static final Param<List<String>> AUTHORIZED_FLUSH_USERS =
            T.list("authorized_flush_users", "static:anyone", "Who may flush the queue.");
    public static final Param<String> SERVICE_NAME =
            T.text(
                    "service_name",
                    "",
                    "The name of the row in master.cf that a daemon serves (read only).");
    public static final Param<String> PROCESS_NAME =
            T.text("process_name", "", "The name of the program (read only).");
    public static final Param<String> PROCESS_ID =
            T.text("process_id", "", "The process id of the program (read only).");
    public static final Param<String> STRESS =
            T.text(
                    "stress",
                    "",
                    "Not empty while a service has as many sessions as it may (read only).");
    public static final Param<String> AUTH_SOCKET_PATH =
            T.text(
                    "auth_socket_path",
                    "private/auth",
                    "The socket of auth(8), relative to $queue_directory, where passwords are checked and users are looked up.");

    /// All of the above.
    public static final ParamTable ALL = T.table();

    private MainParams() {}
}
