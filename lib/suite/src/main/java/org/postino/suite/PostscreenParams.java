// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.time.Duration;
import java.util.List;
import org.postino.config.Expander;
import org.postino.config.Param;
import org.postino.config.ParamTable;
import org.postino.config.ParamType;
import org.postino.config.ValueException;

/// Parameters of postscreen(8), which looks at clients before smtpd(8) does.
public final class PostscreenParams {
    private static final ParamTable.Builder T = ParamTable.declare();

    private static final List<String> ACTIONS = List.of("ignore", "enforce", "drop");

    /// The words of the list of clients that are not tested.
    private enum Access implements ParamType.Words {
        LIST;

        private static final List<String> KNOWN =
                List.of("permit_mynetworks", "permit", "reject", "dunno");

        @Override
        public void check(List<String> items, Expander.Values others) throws ValueException {
            for (String item : items) {
                if (item.indexOf(':') < 0 && !KNOWN.contains(item)) {
                    throw new ValueException(
                            "\""
                                    + item
                                    + "\" is none of "
                                    + String.join(", ", KNOWN)
                                    + ", and no table");
                }
            }
        }
    }

    /// This list names clients that pass without tests, and clients that are refused without: permit_mynetworks, permit, reject, dunno, and
    /// tables that are asked for the address and answer one of these words.
    ///
    /// Put a table with the addresses of partners whose mail must not be delayed into it.
    ///
    ///     postscreen_access_list = permit_mynetworks, cidr:/etc/postino/clients.cidr
    public static final Param<List<String>> POSTSCREEN_ACCESS_LIST =
            T.list("postscreen_access_list", "permit_mynetworks", Access.LIST);

    /// This is done about a client that postscreen_access_list rejects: ignore tests it as any other, enforce refuses its
    /// recipients with 550, drop ends the connection with 521.
    ///
    /// Set it where the list has clients that shall be refused.
    ///
    ///     postscreen_denylist_action = drop
    public static final Param<String> POSTSCREEN_DENYLIST_ACTION =
            T.choice(
                    "postscreen_denylist_action",
                    "${postscreen_blacklist_action?{$postscreen_blacklist_action}:{ignore}}",
                    ACTIONS);

    /// This is the old name of postscreen_denylist_action.
    ///
    /// Use postscreen_denylist_action in its place, which takes over its value.
    ///
    ///     postscreen_blacklist_action = drop
    public static final Param<String> POSTSCREEN_BLACKLIST_ACTION =
            T.text("postscreen_blacklist_action", "");

    /// This is done about a client that speaks before it was greeted: ignore logs it, enforce refuses its recipients with 550,
    /// drop ends the connection with 521.
    ///
    /// Set it to enforce: hardly any mail server does so, and many programs that send spam do.
    ///
    ///     postscreen_greet_action = enforce
    public static final Param<String> POSTSCREEN_GREET_ACTION =
            T.choice("postscreen_greet_action", "ignore", ACTIONS);

    /// A new client waits this long for its greeting: it may speak too early meanwhile, and DNS lists have this time to answer.
    ///
    /// Leave it; those who send spam do not wait much longer either.
    ///
    ///     postscreen_greet_wait = 4s
    public static final Param<Duration> POSTSCREEN_GREET_WAIT =
            T.time("postscreen_greet_wait", "${stress?{2}:{6}}s");

    /// This text goes out at once, as the first line of a greeting that is not over yet (220-), so that careless programs speak too
    /// early. Empty: nothing is sent.
    ///
    /// Empty it if a client that must be served cannot read greetings of two lines.
    ///
    ///     postscreen_greet_banner =
    public static final Param<String> POSTSCREEN_GREET_BANNER =
            T.text("postscreen_greet_banner", "$smtpd_banner");

    /// A client that has waited for the greeting need not do so again for this time.
    ///
    /// Raise it if clients come less often than once a day and must not wait.
    ///
    ///     postscreen_greet_ttl = 7d
    public static final Param<Duration> POSTSCREEN_GREET_TTL = T.time("postscreen_greet_ttl", "1d");

    /// These lists in the DNS are asked about each new client, all at a time. Behind a domain may stand a filter for the answer, as
    /// in reject_rbl_client, and a weight, which is negative for lists of those that are trusted.
    ///
    /// Name several lists, with a weight by how far each is trusted, and set postscreen_dnsbl_threshold.
    ///
    ///     postscreen_dnsbl_sites = zen.example*3 other.example=127.0.0.[2..9] trusted.example*-4
    public static final Param<List<String>> POSTSCREEN_DNSBL_SITES =
            T.list("postscreen_dnsbl_sites", "", DnsblSite.Check.SITES);

    /// A client whose weights add up to this much is refused as postscreen_dnsbl_action says.
    ///
    /// Set it together with the weights in postscreen_dnsbl_sites.
    ///
    ///     postscreen_dnsbl_threshold = 3
    public static final Param<Long> POSTSCREEN_DNSBL_THRESHOLD =
            T.number("postscreen_dnsbl_threshold", 1, 1);

    /// A client whose weights add up to this much or less, a negative number, passes all tests at once. 0 means that none does.
    ///
    /// Set it if postscreen_dnsbl_sites has lists of trusted servers.
    ///
    ///     postscreen_dnsbl_allowlist_threshold = -2
    public static final Param<Long> POSTSCREEN_DNSBL_ALLOWLIST_THRESHOLD =
            T.number(
                    "postscreen_dnsbl_allowlist_threshold",
                    "${postscreen_dnsbl_whitelist_threshold?{$postscreen_dnsbl_whitelist_threshold}:{0}}",
                    Integer.MIN_VALUE);

    /// This is the old name of postscreen_dnsbl_allowlist_threshold.
    ///
    /// Use postscreen_dnsbl_allowlist_threshold in its place, which takes over its value.
    ///
    ///     postscreen_dnsbl_whitelist_threshold = -2
    public static final Param<String> POSTSCREEN_DNSBL_WHITELIST_THRESHOLD =
            T.text("postscreen_dnsbl_whitelist_threshold", "");

    /// This is done about a client whose weights reach postscreen_dnsbl_threshold: ignore logs it, enforce refuses its recipients with
    /// 550, drop ends the connection with 521.
    ///
    /// Set it to enforce, so that the log says whose mail was refused.
    ///
    ///     postscreen_dnsbl_action = enforce
    public static final Param<String> POSTSCREEN_DNSBL_ACTION =
            T.choice("postscreen_dnsbl_action", "ignore", ACTIONS);

    /// A list that has not answered for this time says nothing about a client. Nobody waits longer than
    /// postscreen_greet_wait in any case.
    ///
    /// Lower it if a list is often slow, so that its late word does not count.
    ///
    ///     postscreen_dnsbl_timeout = 5s
    public static final Param<Duration> POSTSCREEN_DNSBL_TIMEOUT =
            T.time("postscreen_dnsbl_timeout", "10s");

    /// These tables have for the domain of a list the name that replies give it; asked with the domain as postscreen_dnsbl_sites has it.
    ///
    /// Set it if the domain of a list contains a key that nobody else shall learn.
    ///
    ///     postscreen_dnsbl_reply_map = texthash:/etc/postino/dnsbl_reply
    public static final Param<List<String>> POSTSCREEN_DNSBL_REPLY_MAP =
            T.list("postscreen_dnsbl_reply_map", "");

    /// A client that was in no list is not looked up again for this time at least, whatever the lists say about how long their answers hold.
    ///
    /// Raise it if the name servers of lists limit how often they are asked.
    ///
    ///     postscreen_dnsbl_min_ttl = 5m
    public static final Param<Duration> POSTSCREEN_DNSBL_MIN_TTL =
            T.time("postscreen_dnsbl_min_ttl", "60s");

    /// A client that was in no list is looked up again after this time at most.
    ///
    /// Lower it if clients must be refused sooner after they were listed.
    ///
    ///     postscreen_dnsbl_max_ttl = 30m
    public static final Param<Duration> POSTSCREEN_DNSBL_MAX_TTL =
            T.time(
                    "postscreen_dnsbl_max_ttl",
                    "${postscreen_dnsbl_ttl?{$postscreen_dnsbl_ttl}:{1}}h");

    /// This is the old name of postscreen_dnsbl_max_ttl.
    ///
    /// Use postscreen_dnsbl_max_ttl in its place, which takes over its value, a number of hours.
    ///
    ///     postscreen_dnsbl_ttl = 2
    public static final Param<String> POSTSCREEN_DNSBL_TTL = T.text("postscreen_dnsbl_ttl", "");

    /// New clients are watched after the greeting too: they must not send a command before the one before it is answered.
    ///
    /// Turn it on against programs that send everything at once.
    ///
    ///     postscreen_pipelining_enable = yes
    public static final Param<Boolean> POSTSCREEN_PIPELINING_ENABLE =
            T.bool("postscreen_pipelining_enable", false);

    /// This is done about a client that sends commands ahead: ignore logs it, enforce refuses its recipients with 550, drop ends the
    /// connection with 521.
    ///
    /// Leave it: with enforce the log says whose mail was refused.
    ///
    ///     postscreen_pipelining_action = drop
    public static final Param<String> POSTSCREEN_PIPELINING_ACTION =
            T.choice("postscreen_pipelining_action", "enforce", ACTIONS);

    /// A client that has not sent commands ahead is not watched for that again for this time.
    ///
    /// Leave it: a server that waits for replies today will do so next month.
    ///
    ///     postscreen_pipelining_ttl = 60d
    public static final Param<Duration> POSTSCREEN_PIPELINING_TTL =
            T.time("postscreen_pipelining_ttl", "30d");

    /// New clients are watched after the greeting too: they must not send the commands in postscreen_forbidden_commands, nor
    /// lines like header fields.
    ///
    /// Turn it on against web browsers and proxies that are made to send mail.
    ///
    ///     postscreen_non_smtp_command_enable = yes
    public static final Param<Boolean> POSTSCREEN_NON_SMTP_COMMAND_ENABLE =
            T.bool("postscreen_non_smtp_command_enable", false);

    /// This is done about a client that sends such commands: ignore logs it, enforce refuses its recipients with 550, drop ends the
    /// connection with 521.
    ///
    /// Leave it: no mail server sends such commands.
    ///
    ///     postscreen_non_smtp_command_action = enforce
    public static final Param<String> POSTSCREEN_NON_SMTP_COMMAND_ACTION =
            T.choice("postscreen_non_smtp_command_action", "drop", ACTIONS);

    /// A client that has sent only commands of SMTP is not watched for that again for this time.
    ///
    /// Leave it: a server that speaks SMTP today will do so next month.
    ///
    ///     postscreen_non_smtp_command_ttl = 60d
    public static final Param<Duration> POSTSCREEN_NON_SMTP_COMMAND_TTL =
            T.time("postscreen_non_smtp_command_ttl", "30d");

    /// New clients are watched after the greeting too: their lines must end in CR LF.
    ///
    /// Turn it on against careless programs; few are left that send so.
    ///
    ///     postscreen_bare_newline_enable = yes
    public static final Param<Boolean> POSTSCREEN_BARE_NEWLINE_ENABLE =
            T.bool("postscreen_bare_newline_enable", false);

    /// This is done about a client whose lines end in LF alone: ignore logs it, enforce refuses its recipients with 550, drop ends the
    /// connection with 521.
    ///
    /// Set it to enforce where postscreen_bare_newline_enable is on.
    ///
    ///     postscreen_bare_newline_action = enforce
    public static final Param<String> POSTSCREEN_BARE_NEWLINE_ACTION =
            T.choice("postscreen_bare_newline_action", "ignore", ACTIONS);

    /// A client that has ended lines properly is not watched for that again for this time.
    ///
    /// Leave it: a server that ends lines properly today will do so next month.
    ///
    ///     postscreen_bare_newline_ttl = 60d
    public static final Param<Duration> POSTSCREEN_BARE_NEWLINE_TTL =
            T.time("postscreen_bare_newline_ttl", "30d");

    /// These words end in no reply of SMTP: a client that sends one fails the test of postscreen_non_smtp_command_enable.
    ///
    /// Leave it as smtpd(8) has it.
    ///
    ///     postscreen_forbidden_commands = CONNECT GET POST USER
    public static final Param<List<String>> POSTSCREEN_FORBIDDEN_COMMANDS =
            T.list("postscreen_forbidden_commands", "$smtpd_forbidden_commands");

    /// Clients obtain the status of having passed only at these addresses of ours; at others they are tested as often as they come, and
    /// deferred at RCPT.
    ///
    /// Set it if another address of this machine is the MX of lower preference, where clients that come there first are no good.
    ///
    ///     postscreen_allowlist_interfaces = !203.0.113.7, static:all
    public static final Param<List<String>> POSTSCREEN_ALLOWLIST_INTERFACES =
            T.list(
                    "postscreen_allowlist_interfaces",
                    "${postscreen_whitelist_interfaces?{$postscreen_whitelist_interfaces}:{static:all}}");

    /// This is the old name of postscreen_allowlist_interfaces.
    ///
    /// Use postscreen_allowlist_interfaces in its place, which takes over its value.
    ///
    ///     postscreen_whitelist_interfaces = static:all
    public static final Param<String> POSTSCREEN_WHITELIST_INTERFACES =
            T.text("postscreen_whitelist_interfaces", "");

    /// The results of tests are kept if this has a value: anvil(8) keeps them, in its own file in $data_directory, whatever table
    /// is named. Empty, they are forgotten when the daemon ends.
    ///
    /// Leave it: clients would be tested anew after each idle time and reload.
    ///
    ///     postscreen_cache_map =
    public static final Param<String> POSTSCREEN_CACHE_MAP =
            T.text("postscreen_cache_map", "btree:$data_directory/postscreen_cache");

    /// A client is forgotten this long after the last of its results has expired: until then the log says
    /// PASS OLD when it passes again.
    ///
    /// Leave it: it matters to those who read the log, and to the size of the cache.
    ///
    ///     postscreen_cache_retention_time = 30d
    public static final Param<Duration> POSTSCREEN_CACHE_RETENTION_TIME =
            T.time("postscreen_cache_retention_time", "7d", 'd');

    /// A client may have this many connections at a time that are being tested; one more is answered with 421. 0 means no limit.
    ///
    /// Leave it as smtpd(8) has it.
    ///
    ///     postscreen_client_connection_count_limit = 10
    public static final Param<Long> POSTSCREEN_CLIENT_CONNECTION_COUNT_LIMIT =
            T.number(
                    "postscreen_client_connection_count_limit",
                    "$smtpd_client_connection_count_limit",
                    0);

    /// This many clients may be tested at a time; one more is answered with 421. The places of the row are these and those of smtpd(8) behind
    /// it.
    ///
    /// Raise it on a busy server if the log says that all screening ports are busy.
    ///
    ///     postscreen_pre_queue_limit = 500
    public static final Param<Long> POSTSCREEN_PRE_QUEUE_LIMIT =
            T.number("postscreen_pre_queue_limit", "$default_process_limit", 1);

    /// A client under test, or one that has failed, may send this many commands in a session.
    ///
    /// Leave it: who passes speaks with smtpd(8) and not with postscreen(8).
    ///
    ///     postscreen_command_count_limit = 10
    public static final Param<Long> POSTSCREEN_COMMAND_COUNT_LIMIT =
            T.number("postscreen_command_count_limit", 20, 1);

    /// A client under test, or one that has failed, has this time for a command line.
    ///
    /// Lower it under attack.
    ///
    ///     postscreen_command_time_limit = 30s
    public static final Param<Duration> POSTSCREEN_COMMAND_TIME_LIMIT =
            T.time("postscreen_command_time_limit", "${stress?{10}:{300}}s");

    /// A client under test must say HELO or EHLO before MAIL.
    ///
    /// Leave it as smtpd(8) has it.
    ///
    ///     postscreen_helo_required = yes
    public static final Param<Boolean> POSTSCREEN_HELO_REQUIRED =
            T.bool("postscreen_helo_required", "$smtpd_helo_required");

    /// VRFY of a client under test is answered with 502.
    ///
    /// Leave it as smtpd(8) has it.
    ///
    ///     postscreen_disable_vrfy_command = yes
    public static final Param<Boolean> POSTSCREEN_DISABLE_VRFY_COMMAND =
            T.bool("postscreen_disable_vrfy_command", "$disable_vrfy_command");

    /// These keywords are left out of the reply to EHLO of a client under test.
    ///
    /// Leave it as smtpd(8) has it.
    ///
    ///     postscreen_discard_ehlo_keywords = dsn, etrn
    public static final Param<List<String>> POSTSCREEN_DISCARD_EHLO_KEYWORDS =
            T.list("postscreen_discard_ehlo_keywords", "$smtpd_discard_ehlo_keywords");

    /// These tables have for a client's address keywords that are left out of the reply to its EHLO while it is under test.
    ///
    /// Leave it as smtpd(8) has it.
    ///
    ///     postscreen_discard_ehlo_keyword_address_maps = cidr:/etc/postino/ehlo.cidr
    public static final Param<List<String>> POSTSCREEN_DISCARD_EHLO_KEYWORD_ADDRESS_MAPS =
            T.list(
                    "postscreen_discard_ehlo_keyword_address_maps",
                    "$smtpd_discard_ehlo_keyword_address_maps");

    /// This table replaces commands of clients under test before they are looked at, as
    /// smtpd_command_filter does for smtpd(8), which asks its own table about what it takes over.
    ///
    /// Leave it as smtpd(8) has it.
    ///
    ///     postscreen_command_filter = pcre:/etc/postino/command_filter
    public static final Param<String> POSTSCREEN_COMMAND_FILTER =
            T.text("postscreen_command_filter", "$smtpd_command_filter");

    /// This text follows each refusal of postscreen(8), as smtpd_reject_footer does with those of smtpd(8); of the names
    /// $client_address, $client_port, $localtime and $server_name have a value here.
    ///
    /// Use it to name a page or telephone number for people who are refused by mistake.
    ///
    ///     postscreen_reject_footer = \c. For help call +1 555 0100 and say: $localtime, $client_address
    public static final Param<String> POSTSCREEN_REJECT_FOOTER =
            T.raw("postscreen_reject_footer", "$smtpd_reject_footer");

    /// These tables give the text of postscreen_reject_footer for one refusal, which is the key as a whole; the first
    /// that has one counts.
    ///
    /// Leave it as smtpd(8) has it.
    ///
    ///     postscreen_reject_footer_maps = regexp:{ {/blocked using/ see example.com/lists} }
    public static final Param<List<String>> POSTSCREEN_REJECT_FOOTER_MAPS =
            T.list("postscreen_reject_footer_maps", "$smtpd_reject_footer_maps");

    /// These characters may stand in the values of names in postscreen_reject_footer; all others become _.
    ///
    /// Leave it as smtpd(8) has it.
    ///
    ///     postscreen_expansion_filter = .:0123456789abcdef
    public static final Param<String> POSTSCREEN_EXPANSION_FILTER =
            T.raw("postscreen_expansion_filter", "$smtpd_expansion_filter");

    /// This is the level of TLS for clients under test: none, may or encrypt. Without a value postscreen_enforce_tls and
    /// postscreen_use_tls decide.
    ///
    /// Leave it as smtpd(8) has it.
    ///
    ///     postscreen_tls_security_level = may
    public static final Param<String> POSTSCREEN_TLS_SECURITY_LEVEL =
            T.choice(
                    "postscreen_tls_security_level",
                    "$smtpd_tls_security_level",
                    List.of("", "none", "may", "encrypt"));

    /// yes is the same as postscreen_tls_security_level = may, and counts only if that has no value.
    ///
    /// Use the newer name in new files.
    ///
    ///     postscreen_use_tls = yes
    public static final Param<Boolean> POSTSCREEN_USE_TLS =
            T.bool("postscreen_use_tls", "$smtpd_use_tls");

    /// yes is the same as postscreen_tls_security_level = encrypt, and counts only if that has no value.
    ///
    /// Use the newer name in new files.
    ///
    ///     postscreen_enforce_tls = yes
    public static final Param<Boolean> POSTSCREEN_ENFORCE_TLS =
            T.bool("postscreen_enforce_tls", "$smtpd_enforce_tls");

    /// As smtpd_upstream_proxy_protocol, for a row of postscreen.
    ///
    /// Set it if a proxy stands in front of a server whose master.cf has postscreen.
    ///
    ///     postscreen_upstream_proxy_protocol = haproxy
    public static final Param<String> POSTSCREEN_UPSTREAM_PROXY_PROTOCOL =
            T.choice("postscreen_upstream_proxy_protocol", "", List.of("", "haproxy"));

    /// As smtpd_upstream_proxy_timeout, for a row of postscreen.
    ///
    /// There is hardly a reason to change it: a proxy sends the header at once.
    ///
    ///     postscreen_upstream_proxy_timeout = 10s
    public static final Param<Duration> POSTSCREEN_UPSTREAM_PROXY_TIMEOUT =
            T.time("postscreen_upstream_proxy_timeout", "5s");

    /// All of the above.
    public static final ParamTable ALL = T.table();

    private PostscreenParams() {}
}
