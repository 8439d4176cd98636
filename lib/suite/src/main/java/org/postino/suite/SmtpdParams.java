// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.time.Duration;
import java.util.List;
import org.postino.config.Expander;
import org.postino.config.Param;
import org.postino.config.ParamTable;
import org.postino.config.ParamType;
import org.postino.config.ValueException;

/// Parameters of smtpd(8), the SMTP server.
public final class SmtpdParams {
    private static final ParamTable.Builder T = ParamTable.declare();

    /// The items of limits of volume.
    private enum VolumeWords implements ParamType.Words {
        LIMITS;

        @Override
        public void check(List<String> items, Expander.Values others) throws ValueException {
            for (String item : items) {
                if (!item.matches("(messages|recipients|bytes)/(hour|day)=[0-9]{1,15}")) {
                    throw new ValueException(
                            "has items such as recipients/hour=200, of messages, recipients or"
                                    + " bytes and hour or day, not \""
                                    + item
                                    + "\"");
                }
            }
        }
    }

    /// The banner is the text behind the code 220 with which smtpd(8) greets a client; its first
    /// word must be the host name.
    ///
    /// Change it to tell clients whom to write to, or less about the software.
    ///
    ///     smtpd_banner = $myhostname ESMTP no unsolicited mail
    public static final Param<String> SMTPD_BANNER =
            T.text("smtpd_banner", "$myhostname ESMTP $mail_name");

    /// This list is asked about the client that connects: its address, its name, its encryption.
    /// With smtpd_delay_reject it is asked at RCPT TO.
    ///
    /// Use it to let in or shut out single machines and networks before anything else is looked at.
    ///
    ///     smtpd_client_restrictions = check_client_access cidr:/etc/postino/clients
    public static final Param<List<String>> SMTPD_CLIENT_RESTRICTIONS =
            T.list("smtpd_client_restrictions", "", RestrictionCheck.LIST);

    /// This list is asked about the name that the client gives with HELO or EHLO.
    ///
    /// Use it against programs that give no name of a host; permit your own networks first, since
    /// many mail readers give none either.
    ///
    ///     smtpd_helo_restrictions = permit_mynetworks, reject_invalid_helo_hostname
    public static final Param<List<String>> SMTPD_HELO_RESTRICTIONS =
            T.list("smtpd_helo_restrictions", "", RestrictionCheck.LIST);

    /// This list is asked about the domain that a client names with ETRN, by which it has mail for
    /// that domain sent at once. With smtpd_delay_reject the lists for client and HELO are asked
    /// before it.
    ///
    /// Set it where fast_flush_domains lets a client ask, so that only those who fetch mail so can
    /// have the queue worked on.
    ///
    ///     smtpd_etrn_restrictions = permit_mynetworks, reject
    public static final Param<List<String>> SMTPD_ETRN_RESTRICTIONS =
            T.list("smtpd_etrn_restrictions", "", RestrictionCheck.LIST);

    /// This list is asked about the sender in MAIL FROM.
    ///
    /// Use it to refuse senders whose domain does not exist, and logged-in users who write in the
    /// name of others.
    ///
    ///     smtpd_sender_restrictions = reject_non_fqdn_sender, reject_unknown_sender_domain
    public static final Param<List<String>> SMTPD_SENDER_RESTRICTIONS =
            T.list("smtpd_sender_restrictions", "", RestrictionCheck.LIST);

    /// This list decides at RCPT TO who may send mail to domains that are not ours. smtpd(8) does
    /// not run if neither it nor smtpd_recipient_restrictions stops strangers.
    ///
    /// Leave it as it is on most servers; a row for submission takes only those who have logged in.
    ///
    ///     smtpd_relay_restrictions = permit_sasl_authenticated, reject
    public static final Param<List<String>> SMTPD_RELAY_RESTRICTIONS =
            T.list(
                    "smtpd_relay_restrictions",
                    "permit_mynetworks, permit_sasl_authenticated, defer_unauth_destination",
                    RestrictionCheck.LIST);

    /// This list is asked about each recipient at RCPT TO, and is the place for what keeps unwanted
    /// mail out.
    ///
    /// Fill it with what depends on the recipient; who may relay is better told in
    /// smtpd_relay_restrictions.
    ///
    ///     smtpd_recipient_restrictions = permit_mynetworks, reject_unknown_recipient_domain
    public static final Param<List<String>> SMTPD_RECIPIENT_RESTRICTIONS =
            T.list("smtpd_recipient_restrictions", "", RestrictionCheck.LIST);

    /// This list is asked at DATA or at the first BDAT, when all recipients are known and no
    /// content has been sent.
    ///
    /// Use it for what looks at the message's envelope as a whole.
    ///
    ///     smtpd_data_restrictions = reject_multi_recipient_bounce
    public static final Param<List<String>> SMTPD_DATA_RESTRICTIONS =
            T.list("smtpd_data_restrictions", "", RestrictionCheck.LIST);

    /// This list is asked when the whole message has arrived; a refusal throws the message away.
    ///
    /// Use it for tables that need the size of the message to be known, or that hold or redirect
    /// it.
    ///
    ///     smtpd_end_of_data_restrictions = check_client_access hash:/etc/postino/hold
    public static final Param<List<String>> SMTPD_END_OF_DATA_RESTRICTIONS =
            T.list("smtpd_end_of_data_restrictions", "", RestrictionCheck.LIST);

    /// Clients may have the mail sent by ETRN that waits for these domains and, as
    /// parent_domain_matches_subdomains says, for those below them.
    ///
    /// Name the domains of sites that fetch their mail so; an empty list answers every ETRN with 459.
    ///
    ///     fast_flush_domains = $relay_domains, branch.example.com
    public static final Param<List<String>> FAST_FLUSH_DOMAINS =
            T.list("fast_flush_domains", "$relay_domains");

    /// permit_mx_backup holds only for domains whose first mail exchangers have all their addresses
    /// in these networks; an empty list lets it hold for all.
    ///
    /// Set it wherever permit_mx_backup is used: else everybody may make this system the backup of
    /// his domain.
    ///
    ///     permit_mx_backup_networks = 192.0.2.0/24
    public static final Param<List<String>> PERMIT_MX_BACKUP_NETWORKS =
            T.list("permit_mx_backup_networks", "");

    /// smtpd_relay_restrictions are asked before smtpd_recipient_restrictions; no asks them in the
    /// other order.
    ///
    /// Leave it: strangers who want to relay then hear so at once, whatever else is wrong.
    ///
    ///     smtpd_relay_before_recipient_restrictions = no
    public static final Param<Boolean> SMTPD_RELAY_BEFORE_RECIPIENT_RESTRICTIONS =
            T.bool(
                    "smtpd_relay_before_recipient_restrictions",
                    "${{$compatibility_level} <level {3.6} ? {no} : {yes}}");

    /// These names are parameters of your own, each a list of restrictions, which access tables and
    /// other lists may use like one restriction.
    ///
    /// Declare one for each group of users or clients that has rules of its own.
    ///
    ///     smtpd_restriction_classes = strict
    ///     strict = reject_unknown_client_hostname, reject_invalid_helo_hostname
    public static final Param<List<String>> SMTPD_RESTRICTION_CLASSES =
            T.list("smtpd_restriction_classes", "", RestrictionCheck.CLASSES);

    /// The lists for client, HELO and sender are asked at RCPT TO, so that the log names sender and
    /// recipient, and clients that take no earlier refusal still understand.
    ///
    /// Turn it off to get rid of unwanted clients at their first command.
    ///
    ///     smtpd_delay_reject = no
    public static final Param<Boolean> SMTPD_DELAY_REJECT = T.bool("smtpd_delay_reject", true);

    /// A client must say HELO or EHLO before MAIL, or it is refused with 503.
    ///
    /// Turn it on: every mail server does, and programs that do not are after no good.
    ///
    ///     smtpd_helo_required = yes
    public static final Param<Boolean> SMTPD_HELO_REQUIRED = T.bool("smtpd_helo_required", false);

    /// VRFY, with which a client asks whether an address exists, is answered with 502.
    ///
    /// Turn it on so that addresses are not tried out without a message.
    ///
    ///     disable_vrfy_command = yes
    public static final Param<Boolean> DISABLE_VRFY_COMMAND = T.bool("disable_vrfy_command", false);

    /// EXPN tells clients in $mynetworks which addresses are behind an alias; it is answered with 502
    /// for all others, and for all if this is off. Postfix does not have it.
    ///
    /// Turn it on in a lab where the protocol is taught, never on a server of people.
    ///
    ///     enable_expn_command = yes
    public static final Param<Boolean> ENABLE_EXPN_COMMAND = T.bool("enable_expn_command", false);

    /// Addresses in MAIL FROM and RCPT TO must stand in <>, without a name or comment beside them.
    ///
    /// Turn it on if only mail servers talk to this one; some devices leave the brackets out.
    ///
    ///     strict_rfc821_envelopes = yes
    public static final Param<Boolean> STRICT_RFC821_ENVELOPES =
            T.bool("strict_rfc821_envelopes", false);

    /// The server offers SMTPUTF8, by which addresses may have characters of all languages.
    ///
    /// Turn it off if mail is passed on to servers that cannot take such addresses, as the sender
    /// hears it sooner then.
    ///
    ///     smtputf8_enable = no
    public static final Param<Boolean> SMTPUTF8_ENABLE = T.bool("smtputf8_enable", true);

    /// The DNS is asked for the name of each client; off, every client is called unknown.
    ///
    /// Turn it off only where no DNS is to be had: access tables and restrictions by name do not
    /// work without it.
    ///
    ///     smtpd_peername_lookup = no
    public static final Param<Boolean> SMTPD_PEERNAME_LOOKUP =
            T.bool("smtpd_peername_lookup", true);

    /// The client's port stands behind its address in the log: name[address]:port.
    ///
    /// Turn it on where many clients share an address, to find the one behind a complaint.
    ///
    ///     smtpd_client_port_logging = yes
    public static final Param<Boolean> SMTPD_CLIENT_PORT_LOGGING =
            T.bool("smtpd_client_port_logging", false);

    /// A message may have this many recipients; further ones are answered with 452, and the client
    /// sends them again with another message.
    ///
    /// Lower it to make one message cheaper, but not below 100, which RFC 5321 wants.
    ///
    ///     smtpd_recipient_limit = 500
    public static final Param<Long> SMTPD_RECIPIENT_LIMIT =
            T.number("smtpd_recipient_limit", 1000, 1);

    /// This many recipients above smtpd_recipient_limit are refused without counting as errors.
    ///
    /// There is hardly a reason to change it; clients that stop at the first 452 never need it.
    ///
    ///     smtpd_recipient_overshoot_limit = 200
    public static final Param<Long> SMTPD_RECIPIENT_OVERSHOOT_LIMIT =
            T.number("smtpd_recipient_overshoot_limit", 1000, 0);

    /// The server waits this long for a request of the client, and to be rid of a reply, however
    /// slowly the bytes trickle.
    ///
    /// Shorten it when silent clients take up the places of others.
    ///
    ///     smtpd_timeout = 120s
    public static final Param<Duration> SMTPD_TIMEOUT =
            T.time("smtpd_timeout", "${stress?{10}:{300}}s");

    /// A TLS handshake may take this long before the connection is closed.
    ///
    /// Shorten it together with smtpd_timeout.
    ///
    ///     smtpd_starttls_timeout = 60s
    public static final Param<Duration> SMTPD_STARTTLS_TIMEOUT =
            T.time("smtpd_starttls_timeout", "${stress?{10}:{300}}s");

    /// A client that sends its message at fewer bytes a second than this, on the average, is
    /// disconnected.
    ///
    /// Lower it for clients on very slow links.
    ///
    ///     smtpd_min_data_rate = 100
    public static final Param<Long> SMTPD_MIN_DATA_RATE = T.number("smtpd_min_data_rate", 500, 1);

    /// A client may make this many errors before replies to further ones wait for
    /// $smtpd_error_sleep_time.
    ///
    /// Raise it if honest clients with long lists of recipients are slowed down.
    ///
    ///     smtpd_soft_error_limit = 20
    public static final Param<Long> SMTPD_SOFT_ERROR_LIMIT =
            T.number("smtpd_soft_error_limit", 10, 0);

    /// A client that has made this many errors is disconnected with 421.
    ///
    /// Lower it against programs that guess recipients.
    ///
    ///     smtpd_hard_error_limit = 10
    public static final Param<Long> SMTPD_HARD_ERROR_LIMIT =
            T.number("smtpd_hard_error_limit", "${stress?{1}:{20}}", 1);

    /// A client may send this many commands between two messages that do no work, such as NOOP,
    /// RSET and VRFY, before each counts as an error.
    ///
    /// Lower it if clients keep connections busy with nothing.
    ///
    ///     smtpd_junk_command_limit = 50
    public static final Param<Long> SMTPD_JUNK_COMMAND_LIMIT =
            T.number("smtpd_junk_command_limit", "${stress?{1}:{100}}", 1);

    /// The reply to an error waits for this long, once smtpd_soft_error_limit is passed.
    ///
    /// Lengthen it to make guessing slower; 0 turns the delay off.
    ///
    ///     smtpd_error_sleep_time = 5s
    public static final Param<Duration> SMTPD_ERROR_SLEEP_TIME =
            T.time("smtpd_error_sleep_time", "1s");

    /// A line of the message that ends in LF without CR is made whole (normalize, and likewise yes
    /// and no), made whole and logged (note), or has the message refused (reject). None of them
    /// lets such a line end a message.
    ///
    /// Use note for a while and then reject if all your clients send proper lines.
    ///
    ///     smtpd_forbid_bare_newline = reject
    public static final Param<String> SMTPD_FORBID_BARE_NEWLINE =
            T.choice(
                    "smtpd_forbid_bare_newline",
                    "normalize",
                    List.of("no", "yes", "normalize", "reject", "note"));

    /// Clients in these networks may send lines that end in LF alone, whatever
    /// smtpd_forbid_bare_newline says.
    ///
    /// Add devices that cannot be mended when you refuse such lines.
    ///
    ///     smtpd_forbid_bare_newline_exclusions = $mynetworks, 203.0.113.9
    public static final Param<List<String>> SMTPD_FORBID_BARE_NEWLINE_EXCLUSIONS =
            T.list("smtpd_forbid_bare_newline_exclusions", "$mynetworks");

    /// This reply code stands in the refusal of a message with a line that ends in LF alone.
    ///
    /// Use a code of 4xx while you try it out: clients keep the message then.
    ///
    ///     smtpd_forbid_bare_newline_reject_code = 450
    public static final Param<Long> SMTPD_FORBID_BARE_NEWLINE_REJECT_CODE =
            T.number("smtpd_forbid_bare_newline_reject_code", 550, 400, 599);

    /// A client that sends more commands where it must wait for an answer is disconnected.
    ///
    /// Turn it off in rows for submission: Thunderbird does it when it looks for servers.
    ///
    ///     smtpd_forbid_unauth_pipelining = no
    public static final Param<Boolean> SMTPD_FORBID_UNAUTH_PIPELINING =
            T.bool("smtpd_forbid_unauth_pipelining", true);

    /// These words, and commands that fit the patterns, are of another protocol or no command at
    /// all: the session ends with 221.
    ///
    /// Add words that strangers try at your port.
    ///
    ///     smtpd_forbidden_commands = CONNECT GET POST HEAD
    public static final Param<List<String>> SMTPD_FORBIDDEN_COMMANDS =
            T.list("smtpd_forbidden_commands", "CONNECT GET POST regexp:{{/^[^A-Z]/ Bogus}}");

    /// These commands are answered like NOOP and do nothing.
    ///
    /// Use it for a client that insists on a command that the server does not have.
    ///
    ///     smtpd_noop_commands = XFOO
    public static final Param<List<String>> SMTPD_NOOP_COMMANDS = T.list("smtpd_noop_commands", "");

    /// These words are left out of the answer to EHLO, and what they stand for is not offered.
    ///
    /// Use it for a client or firewall that stumbles over an extension.
    ///
    ///     smtpd_discard_ehlo_keywords = chunking, silent-discard
    public static final Param<List<String>> SMTPD_DISCARD_EHLO_KEYWORDS =
            T.list("smtpd_discard_ehlo_keywords", "");

    /// These tables have, by client address, the words that are left out of the answer to EHLO, in
    /// place of smtpd_discard_ehlo_keywords.
    ///
    /// Use them if one client alone stumbles over an extension.
    ///
    ///     smtpd_discard_ehlo_keyword_address_maps = cidr:/etc/postino/ehlo
    public static final Param<List<String>> SMTPD_DISCARD_EHLO_KEYWORD_ADDRESS_MAPS =
            T.list("smtpd_discard_ehlo_keyword_address_maps", "");

    /// A client may have this many sessions at a time; the next one is answered with 421. 0 means
    /// no limit.
    ///
    /// Raise it for many users behind one address, or exempt that address.
    ///
    ///     smtpd_client_connection_count_limit = 100
    public static final Param<Long> SMTPD_CLIENT_CONNECTION_COUNT_LIMIT =
            T.number("smtpd_client_connection_count_limit", 50, 0);

    /// A client may begin this many sessions in $anvil_rate_time_unit; 0 means no limit.
    ///
    /// Set it against clients that connect again and again, well above what the busiest honest one
    /// does.
    ///
    ///     smtpd_client_connection_rate_limit = 60
    public static final Param<Long> SMTPD_CLIENT_CONNECTION_RATE_LIMIT =
            T.number("smtpd_client_connection_rate_limit", 0, 0);

    /// A client may send this many messages in $anvil_rate_time_unit; 0 means no limit.
    ///
    /// Set it in rows for submission to bound what a stolen password can do.
    ///
    ///     smtpd_client_message_rate_limit = 30
    public static final Param<Long> SMTPD_CLIENT_MESSAGE_RATE_LIMIT =
            T.number("smtpd_client_message_rate_limit", 0, 0);

    /// A client may name this many recipients in $anvil_rate_time_unit, accepted or not; 0 means no
    /// limit.
    ///
    /// Set it against programs that try out addresses, or to bound mass mail.
    ///
    ///     smtpd_client_recipient_rate_limit = 200
    public static final Param<Long> SMTPD_CLIENT_RECIPIENT_RATE_LIMIT =
            T.number("smtpd_client_recipient_rate_limit", 0, 0);

    /// A client may send this many AUTH commands in $anvil_rate_time_unit; 0 means no limit.
    ///
    /// Set it against guessing of passwords, beside fail2ban.
    ///
    ///     smtpd_client_auth_rate_limit = 10
    public static final Param<Long> SMTPD_CLIENT_AUTH_RATE_LIMIT =
            T.number("smtpd_client_auth_rate_limit", 0, 0);

    /// A client may make so many TLS sessions with new keys within anvil_rate_time_unit; 0 means any number.
    ///
    /// Set it against clients that keep the server's processor busy with handshakes. Sessions that go on with the keys of an
    /// earlier one do not count.
    ///
    ///     smtpd_client_new_tls_session_rate_limit = 60
    public static final Param<Long> SMTPD_CLIENT_NEW_TLS_SESSION_RATE_LIMIT =
            T.number("smtpd_client_new_tls_session_rate_limit", 0, 0);

    /// IPv4 clients whose addresses have so many bits in common are counted as one by the limits of sessions and rates, for a
    /// client and in a time.
    ///
    /// Lower it against a sender who spreads over the addresses of a network; all honest ones there share the limits then.
    ///
    ///     smtpd_client_ipv4_prefix_length = 24
    public static final Param<Long> SMTPD_CLIENT_IPV4_PREFIX_LENGTH =
            T.number("smtpd_client_ipv4_prefix_length", 32, 0, 32);

    /// IPv6 clients whose addresses have so many bits in common are counted as one by the limits of sessions and rates.
    ///
    /// Set it to 64 or less if clients change their address within the network that is theirs, and stay below the limits so.
    ///
    ///     smtpd_client_ipv6_prefix_length = 64
    public static final Param<Long> SMTPD_CLIENT_IPV6_PREFIX_LENGTH =
            T.number("smtpd_client_ipv6_prefix_length", 84, 0, 128);

    /// These tables have the fingerprints of certificates, or of their public keys, with which clients may relay by
    /// permit_tls_clientcerts: the fingerprint, then any word.
    ///
    /// Use it for machines and people without a login name here; smtpd_tls_ask_ccert must be on.
    ///
    ///     relay_clientcerts = hash:/etc/postino/relay_clientcerts
    public static final Param<List<String>> RELAY_CLIENTCERTS = T.list("relay_clientcerts", "");

    /// Clients in these networks are exempt from the limits of sessions and rates.
    ///
    /// Add machines of yours that send in bulk, such as a list server.
    ///
    ///     smtpd_client_event_limit_exceptions = $mynetworks, 192.0.2.44
    public static final Param<List<String>> SMTPD_CLIENT_EVENT_LIMIT_EXCEPTIONS =
            T.list("smtpd_client_event_limit_exceptions", "$mynetworks");

    /// The rates of clients are counted over this time.
    ///
    /// Lengthen it to allow bursts with the same rate in the long run; all rate limits change their
    /// meaning with it.
    ///
    ///     anvil_rate_time_unit = 1h
    public static final Param<Duration> ANVIL_RATE_TIME_UNIT =
            T.time("anvil_rate_time_unit", "60s");

    /// Recipients that are not in the tables of their domain are refused even if no restriction
    /// asks for it.
    ///
    /// Leave it on: mail for those who do not exist would otherwise be returned to forged senders.
    ///
    ///     smtpd_reject_unlisted_recipient = no
    public static final Param<Boolean> SMTPD_REJECT_UNLISTED_RECIPIENT =
            T.bool("smtpd_reject_unlisted_recipient", true);

    /// Senders in our own domains that do not exist are refused even if no restriction asks for it.
    ///
    /// Turn it on against mail that pretends to come from your users, once every sender of yours
    /// exists.
    ///
    ///     smtpd_reject_unlisted_sender = yes
    public static final Param<Boolean> SMTPD_REJECT_UNLISTED_SENDER =
            T.bool("smtpd_reject_unlisted_sender", false);

    /// The reply about an unknown recipient says in which table it was not found.
    ///
    /// Turn it off if strangers need not know how your addresses are kept.
    ///
    ///     show_user_unknown_table_name = no
    public static final Param<Boolean> SHOW_USER_UNKNOWN_TABLE_NAME =
            T.bool("show_user_unknown_table_name", true);

    /// These tables replace refusals, those of filters and milters too: the key is a reply of 4xx or 5xx as a whole, with its status
    /// code, and the value another one. What is no reply of 4xx or 5xx is not used, with a warning. The log has both,
    /// as "reply filter in" and "reply filter out".
    ///
    /// Use them where a refusal tells strangers too much, or where a program behind smtpd(8) refuses with a code that makes clients do
    /// the wrong thing.
    ///
    ///     smtpd_reject_filter_maps = pcre:{ {/^550 5\.1\.1 / 550 5.1.1 Recipient refused} }
    public static final Param<List<String>> SMTPD_REJECT_FILTER_MAPS =
            T.list("smtpd_reject_filter_maps", "");

    /// This text is added to every reply of 4xx and 5xx, on a line of its own unless it begins with
    /// \c; \n begins another line. The names in it are $client_address, $client_port, $localtime,
    /// $server_name, and those of default_rbl_reply that do not begin with rbl_.
    ///
    /// Use it to name a page or telephone number for people who are refused by mistake.
    ///
    ///     smtpd_reject_footer = \c. For help call +1 555 0100 and say: $localtime, $client_address
    public static final Param<String> SMTPD_REJECT_FOOTER = T.raw("smtpd_reject_footer", "");

    /// These tables give the text of smtpd_reject_footer for one reply of 4xx or 5xx, which is the
    /// key as a whole; the first that has one counts, and smtpd_reject_footer if none has.
    ///
    /// Use them to say different things to those who are unknown here and those in a DNS list. A
    /// table of patterns has $$ for $.
    ///
    ///     smtpd_reject_footer_maps = regexp:{ {/blocked using/ see example.com/lists} }
    public static final Param<List<String>> SMTPD_REJECT_FOOTER_MAPS =
            T.list("smtpd_reject_footer_maps", "");

    /// These characters may stand in the values of names in default_rbl_reply, rbl_reply_maps and
    /// smtpd_reject_footer; all others become _.
    ///
    /// There is hardly a reason to change it; \t, \n, \\ and \40 (octal) are understood.
    ///
    ///     smtpd_expansion_filter = \40.:@-0123456789abcdefghijklmnopqrstuvwxyz
    public static final Param<String> SMTPD_EXPANSION_FILTER =
            T.raw(
                    "smtpd_expansion_filter",
                    "\\t\\40!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\\\]^_`"
                            + "abcdefghijklmnopqrstuvwxyz{|}~");

    /// This table replaces commands of clients: the key is the line as it came, without blanks in
    /// front.
    ///
    /// Use it as a last resort for a client that sends what no server can understand.
    ///
    ///     smtpd_command_filter = pcre:{ {/^HELO\s*$$/ HELO domain.invalid} }
    public static final Param<String> SMTPD_COMMAND_FILTER = T.text("smtpd_command_filter", "");

    /// These tables have IGNORE for records of the DNS that smtpd(8) passes over when it looks for
    /// domains and hosts of senders, recipients and clients, and for what stands in DNS lists. The
    /// key is: name ttl IN type value, with a dot at the end of names.
    ///
    /// Use it when a provider's name server makes up addresses for names that do not exist.
    ///
    ///     smtpd_dns_reply_filter = regexp:{ {/ IN A 198\.51\.100\.1$$/ IGNORE} }
    public static final Param<List<String>> SMTPD_DNS_REPLY_FILTER =
            T.list("smtpd_dns_reply_filter", "");

    /// The actions of restrictions in this list are logged when they permit something, as refusals
    /// always are: names as permit_mynetworks, OK for access tables, tables that have such names as
    /// keys.
    ///
    /// Use it to find out which restriction lets something in.
    ///
    ///     smtpd_log_access_permit_actions = static:all
    public static final Param<List<String>> SMTPD_LOG_ACCESS_PERMIT_ACTIONS =
            T.list("smtpd_log_access_permit_actions", "");

    /// Received: header fields do not say who brought the message, from where and how.
    ///
    /// Turn it on in rows for submission so that the addresses of users are not shown to the world.
    ///
    ///     smtpd_hide_client_session = yes
    public static final Param<Boolean> SMTPD_HIDE_CLIENT_SESSION =
            T.bool("smtpd_hide_client_session", false);

    /// Access tables are asked for this key when the sender is the null sender.
    ///
    /// Change it if a table cannot have <> as a key.
    ///
    ///     smtpd_null_access_lookup_key = null-sender
    public static final Param<String> SMTPD_NULL_ACCESS_LOOKUP_KEY =
            T.text("smtpd_null_access_lookup_key", "<>");

    /// These tables name for a sender address, or for @domain, the log-ins that may use it;
    /// reject_sender_login_mismatch and its kin ask them.
    ///
    /// Set it when users must not write in each other's names.
    ///
    ///     smtpd_sender_login_maps = hash:/etc/postino/senders
    public static final Param<List<String>> SMTPD_SENDER_LOGIN_MAPS =
            T.list("smtpd_sender_login_maps", "");

    // Policy servers
    /// A policy server may take this long to be connected to, and again to answer.
    ///
    /// Shorten it if a server that hangs should not hold clients up for long; it has its own timeout
    /// in the braces of check_policy_service, too.
    ///
    ///     smtpd_policy_service_timeout = 20s
    public static final Param<Duration> SMTPD_POLICY_SERVICE_TIMEOUT =
            T.time("smtpd_policy_service_timeout", "100s");

    /// A connection to a policy server that nobody has used for this long is closed.
    ///
    /// Shorten it if the server has few places for connections.
    ///
    ///     smtpd_policy_service_max_idle = 60s
    public static final Param<Duration> SMTPD_POLICY_SERVICE_MAX_IDLE =
            T.time("smtpd_policy_service_max_idle", "300s");

    /// A connection to a policy server is not used again after this time.
    ///
    /// Shorten it if the server ends its own connections before, or is reached through something
    /// that does.
    ///
    ///     smtpd_policy_service_max_ttl = 300s
    public static final Param<Duration> SMTPD_POLICY_SERVICE_MAX_TTL =
            T.time("smtpd_policy_service_max_ttl", "1000s");

    /// A policy server is asked this often, before smtpd_policy_service_default_action is taken in
    /// place of its answer.
    ///
    /// Set it to 1 to go on at once without a server that is away.
    ///
    ///     smtpd_policy_service_try_limit = 1
    public static final Param<Long> SMTPD_POLICY_SERVICE_TRY_LIMIT =
            T.number("smtpd_policy_service_try_limit", 2, 1);

    /// The next attempt to ask a policy server waits for this long.
    ///
    /// Lengthen it if the server needs a while to come back after a restart.
    ///
    ///     smtpd_policy_service_retry_delay = 3s
    public static final Param<Duration> SMTPD_POLICY_SERVICE_RETRY_DELAY =
            T.time("smtpd_policy_service_retry_delay", "1s");

    /// A connection to a policy server carries this many requests; 0 means no limit.
    ///
    /// Set it to 1 for a server that closes after each answer.
    ///
    ///     smtpd_policy_service_request_limit = 1
    public static final Param<Long> SMTPD_POLICY_SERVICE_REQUEST_LIMIT =
            T.number("smtpd_policy_service_request_limit", 0, 0);

    /// This action of access(5) is taken when a policy server does not answer.
    ///
    /// Use DUNNO if mail shall come in without the server's opinion, as is right for greylisting.
    ///
    ///     smtpd_policy_service_default_action = DUNNO
    public static final Param<String> SMTPD_POLICY_SERVICE_DEFAULT_ACTION =
            T.text("smtpd_policy_service_default_action", "451 4.3.5 Server configuration problem");

    /// This text is sent to policy servers as policy_context.
    ///
    /// Set it in rows of master.cf, so that a server can tell them apart.
    ///
    ///     smtpd_policy_service_policy_context = submission
    public static final Param<String> SMTPD_POLICY_SERVICE_POLICY_CONTEXT =
            T.text("smtpd_policy_service_policy_context", "");

    // DNS lists
    /// This is the reply to a client, name or address that stands in a DNS list. It begins with a
    /// code and, perhaps, a status; the names in it are $client, $client_address, $client_name,
    /// $reverse_client_name, $helo_name, $rbl_class, $rbl_code, $rbl_domain, $rbl_reason, $rbl_what,
    /// and $sender and $recipient, also with _name and _domain.
    ///
    /// Change it to tell people who are refused by mistake where to turn.
    ///
    ///     default_rbl_reply = $rbl_code $rbl_what is listed in $rbl_domain: see help.example.com
    public static final Param<String> DEFAULT_RBL_REPLY =
            T.raw(
                    "default_rbl_reply",
                    "$rbl_code Service unavailable; $rbl_class [$rbl_what] blocked using"
                            + " $rbl_domain${rbl_reason?; $rbl_reason}");

    /// These tables have a reply of its own for a DNS list, in place of default_rbl_reply. The key is
    /// the list as the restriction names it.
    ///
    /// Use it where one list wants to be named, or to defer only what one list knows.
    ///
    ///     rbl_reply_maps = texthash:/etc/postino/rbl_replies
    public static final Param<List<String>> RBL_REPLY_MAPS = T.list("rbl_reply_maps", "");

    /// This reply code is given to what stands in a DNS list, as $rbl_code of the reply.
    ///
    /// Use a code of 4xx while you try out a list.
    ///
    ///     maps_rbl_reject_code = 454
    public static final Param<Long> MAPS_RBL_REJECT_CODE =
            T.number("maps_rbl_reject_code", 554, 400, 599);

    /// The restriction reject_maps_rbl looks clients up in these DNS lists.
    ///
    /// Leave it: reject_rbl_client names its list itself.
    ///
    ///     maps_rbl_domains = dnsbl.example.com
    public static final Param<List<String>> MAPS_RBL_DOMAINS = T.list("maps_rbl_domains", "");

    // Authentication
    /// The server offers AUTH, so that users can log in and send mail from anywhere.
    ///
    /// Turn it on in rows for submission, and with smtpd_tls_auth_only where passwords would cross
    /// the network.
    ///
    ///     smtpd_sasl_auth_enable = yes
    public static final Param<Boolean> SMTPD_SASL_AUTH_ENABLE =
            T.bool("smtpd_sasl_auth_enable", false);

    /// The word names who checks passwords; both words mean a server with Dovecot's protocol, and
    /// cyrus is taken for the sake of old files.
    ///
    /// There is no reason to change it.
    ///
    ///     smtpd_sasl_type = cyrus
    public static final Param<String> SMTPD_SASL_TYPE =
            T.choice("smtpd_sasl_type", "dovecot", List.of("dovecot", "cyrus"));

    /// The path, relative to $queue_directory, is the socket of the server that checks passwords.
    ///
    /// Change it if Dovecot itself keeps the passwords.
    ///
    ///     smtpd_sasl_path = private/dovecot-auth
    public static final Param<String> SMTPD_SASL_PATH =
            T.text("smtpd_sasl_path", "$auth_socket_path");

    /// The service name is told to the server that checks passwords; PAM and users' records can
    /// tell services apart by it.
    ///
    /// Change it in a row that takes only users allowed for another service.
    ///
    ///     smtpd_sasl_service = submission
    public static final Param<String> SMTPD_SASL_SERVICE = T.text("smtpd_sasl_service", "smtp");

    /// Mechanisms must have these properties on a connection without TLS: noplaintext leaves out
    /// those that send the password as it is, and noanonymous is always so.
    ///
    /// Add noplaintext if clients can log in by other means; the server needs TLS for passwords
    /// from other machines anyway.
    ///
    ///     smtpd_sasl_security_options = noanonymous, noplaintext
    public static final Param<List<String>> SMTPD_SASL_SECURITY_OPTIONS =
            T.list("smtpd_sasl_security_options", "noanonymous");

    /// Mechanisms must have these properties on a connection with TLS.
    ///
    /// Set it to noanonymous if smtpd_sasl_security_options is stricter, so that PLAIN works behind
    /// STARTTLS.
    ///
    ///     smtpd_sasl_tls_security_options = noanonymous
    public static final Param<List<String>> SMTPD_SASL_TLS_SECURITY_OPTIONS =
            T.list("smtpd_sasl_tls_security_options", "$smtpd_sasl_security_options");

    /// Mechanisms are offered if they are on this list; ! before a name leaves it out, and the rest
    /// of the list counts for others.
    ///
    /// Use it to leave out a mechanism that the server that checks passwords has, and that clients
    /// take badly.
    ///
    ///     smtpd_sasl_mechanism_filter = !login, static:rest
    public static final Param<List<String>> SMTPD_SASL_MECHANISM_FILTER =
            T.list("smtpd_sasl_mechanism_filter", "!external, static:rest");

    /// Clients in these networks are not offered AUTH.
    ///
    /// List machines that would try to log in although they need not, and fail.
    ///
    ///     smtpd_sasl_exceptions_networks = 192.0.2.0/28
    public static final Param<List<String>> SMTPD_SASL_EXCEPTIONS_NETWORKS =
            T.list("smtpd_sasl_exceptions_networks", "");

    /// The Received: header field names the user who has logged in.
    ///
    /// Turn it on to trace a message to a user by its header; recipients then see log-in names.
    ///
    ///     smtpd_sasl_authenticated_header = yes
    public static final Param<Boolean> SMTPD_SASL_AUTHENTICATED_HEADER =
            T.bool("smtpd_sasl_authenticated_header", false);

    /// A client's answer in an authentication may be this many bytes long.
    ///
    /// Raise it if tickets or tokens of your site are longer.
    ///
    ///     smtpd_sasl_response_limit = 32768
    public static final Param<Long> SMTPD_SASL_RESPONSE_LIMIT =
            T.number("smtpd_sasl_response_limit", 12288, 256);

    /// AUTH is announced a second time as AUTH=, as very old clients want it.
    ///
    /// Turn it on only if you still have Outlook Express 4 or the like.
    ///
    ///     broken_sasl_auth_clients = yes
    public static final Param<Boolean> BROKEN_SASL_AUTH_CLIENTS =
            T.bool("broken_sasl_auth_clients", false);

    // Reply codes
    /// This reply code is given when an access table says REJECT.
    ///
    /// Use a code of 4xx while you try out a table.
    ///
    ///     access_map_reject_code = 454
    public static final Param<Long> ACCESS_MAP_REJECT_CODE =
            T.number("access_map_reject_code", 554, 400, 599);

    /// This reply code is given when an access table says DEFER.
    ///
    /// There is hardly a reason to change it; it must be a code of 4xx to mean "later".
    ///
    ///     access_map_defer_code = 451
    public static final Param<Long> ACCESS_MAP_DEFER_CODE =
            T.number("access_map_defer_code", 450, 400, 599);

    /// This reply code is given when the restriction defer ends a list.
    ///
    /// There is hardly a reason to change it; it must be a code of 4xx to mean "later".
    ///
    ///     defer_code = 451
    public static final Param<Long> DEFER_CODE = T.number("defer_code", 450, 400, 599);

    /// This reply code is given when the restriction reject ends a list.
    ///
    /// Use a code of 4xx while you try out a list.
    ///
    ///     reject_code = 454
    public static final Param<Long> REJECT_CODE = T.number("reject_code", 554, 400, 599);

    /// This reply code is given when reject_invalid_helo_hostname finds a HELO name with bad
    /// syntax.
    ///
    /// Use a code of 4xx to see in the log whom it would hit.
    ///
    ///     invalid_hostname_reject_code = 450
    public static final Param<Long> INVALID_HOSTNAME_REJECT_CODE =
            T.number("invalid_hostname_reject_code", 501, 400, 599);

    /// This reply code is given when a HELO name, sender or recipient has to be fully qualified and
    /// is not.
    ///
    /// Use a code of 4xx while you look for programs of yours that leave the domain out.
    ///
    ///     non_fqdn_reject_code = 450
    public static final Param<Long> NON_FQDN_REJECT_CODE =
            T.number("non_fqdn_reject_code", 504, 400, 599);

    /// This reply code is given when reject_unauth_destination refuses to relay.
    ///
    /// Leave it: a code of 4xx has strangers try again for days.
    ///
    ///     relay_domains_reject_code = 550
    public static final Param<Long> RELAY_DOMAINS_REJECT_CODE =
            T.number("relay_domains_reject_code", 554, 400, 599);

    /// This reply code is given when reject_plaintext_session refuses a session without encryption.
    ///
    /// Use 550 once every client is known to encrypt, so that others return their mail at once.
    ///
    ///     plaintext_reject_code = 550
    public static final Param<Long> PLAINTEXT_REJECT_CODE =
            T.number("plaintext_reject_code", 450, 400, 599);

    /// This reply code is given when reject_multi_recipient_bounce refuses a notification with
    /// several recipients.
    ///
    /// Use a code of 4xx while you try out the restriction.
    ///
    ///     multi_recipient_bounce_reject_code = 450
    public static final Param<Long> MULTI_RECIPIENT_BOUNCE_REJECT_CODE =
            T.number("multi_recipient_bounce_reject_code", 550, 400, 599);

    /// This reply code is given for a recipient in $mydestination that does not exist.
    ///
    /// Use 450 after you have changed local_recipient_maps, until the log shows that nobody is
    /// missing.
    ///
    ///     unknown_local_recipient_reject_code = 450
    public static final Param<Long> UNKNOWN_LOCAL_RECIPIENT_REJECT_CODE =
            T.number("unknown_local_recipient_reject_code", 550, 400, 599);

    /// This reply code is given for a recipient in $relay_domains that is not in
    /// $relay_recipient_maps.
    ///
    /// Use 450 while the table of recipients may lag behind the server that has the mailboxes.
    ///
    ///     unknown_relay_recipient_reject_code = 450
    public static final Param<Long> UNKNOWN_RELAY_RECIPIENT_REJECT_CODE =
            T.number("unknown_relay_recipient_reject_code", 550, 400, 599);

    /// This reply code is given for an address in $virtual_alias_domains that has no alias.
    ///
    /// Use 450 while you move aliases to a new table.
    ///
    ///     unknown_virtual_alias_reject_code = 450
    public static final Param<Long> UNKNOWN_VIRTUAL_ALIAS_REJECT_CODE =
            T.number("unknown_virtual_alias_reject_code", 550, 400, 599);

    /// This reply code is given for a recipient in $virtual_mailbox_domains that has no mailbox.
    ///
    /// Use 450 while you move mailboxes from another server.
    ///
    ///     unknown_virtual_mailbox_reject_code = 450
    public static final Param<Long> UNKNOWN_VIRTUAL_MAILBOX_REJECT_CODE =
            T.number("unknown_virtual_mailbox_reject_code", 550, 400, 599);

    /// This reply code is given when reject_unknown_client_hostname or its kin finds no name for
    /// the client.
    ///
    /// Use 550 only if you are sure that every honest client has a name; while the DNS does not
    /// answer the code is 450 anyway.
    ///
    ///     unknown_client_reject_code = 550
    public static final Param<Long> UNKNOWN_CLIENT_REJECT_CODE =
            T.number("unknown_client_reject_code", 450, 400, 599);

    /// This reply code is given when the domain of a sender or recipient does not exist.
    ///
    /// Use 550 to have forged mail returned at once; while the DNS does not answer the code is 450
    /// anyway.
    ///
    ///     unknown_address_reject_code = 550
    public static final Param<Long> UNKNOWN_ADDRESS_REJECT_CODE =
            T.number("unknown_address_reject_code", 450, 400, 599);

    /// This reply code is given when reject_unknown_helo_hostname finds no address for the HELO
    /// name.
    ///
    /// Use 550 if you are sure of it; many honest servers give a name that does not exist.
    ///
    ///     unknown_hostname_reject_code = 550
    public static final Param<Long> UNKNOWN_HOSTNAME_REJECT_CODE =
            T.number("unknown_hostname_reject_code", 450, 400, 599);

    /// A restriction that cannot be answered, because the DNS does not, defers at once (defer), or
    /// only if nothing else refuses the client (defer_if_permit).
    ///
    /// Use defer to spare the rest of the list while the DNS is away.
    ///
    ///     reject_tempfail_action = defer
    public static final Param<String> REJECT_TEMPFAIL_ACTION =
            T.choice(
                    "reject_tempfail_action",
                    "defer_if_permit",
                    List.of("defer_if_permit", "defer"));

    /// reject_unknown_sender_domain and reject_unknown_recipient_domain do this when the DNS cannot
    /// say whether a domain exists.
    ///
    /// Use defer for these alone, if other restrictions shall go on asking.
    ///
    ///     unknown_address_tempfail_action = defer
    public static final Param<String> UNKNOWN_ADDRESS_TEMPFAIL_ACTION =
            T.choice(
                    "unknown_address_tempfail_action",
                    "$reject_tempfail_action",
                    List.of("defer_if_permit", "defer"));

    /// reject_unknown_helo_hostname does this when the DNS cannot say whether the HELO name exists.
    ///
    /// Use defer for this alone, if other restrictions shall go on asking.
    ///
    ///     unknown_helo_hostname_tempfail_action = defer
    public static final Param<String> UNKNOWN_HELO_HOSTNAME_TEMPFAIL_ACTION =
            T.choice(
                    "unknown_helo_hostname_tempfail_action",
                    "$reject_tempfail_action",
                    List.of("defer_if_permit", "defer"));

    /// The parameters that are lists of restrictions.
    public static final List<Param<List<String>>> RESTRICTION_LISTS =
            List.of(
                    SMTPD_CLIENT_RESTRICTIONS,
                    SMTPD_HELO_RESTRICTIONS,
                    SMTPD_ETRN_RESTRICTIONS,
                    SMTPD_SENDER_RESTRICTIONS,
                    SMTPD_RELAY_RESTRICTIONS,
                    SMTPD_RECIPIENT_RESTRICTIONS,
                    SMTPD_DATA_RESTRICTIONS,
                    SMTPD_END_OF_DATA_RESTRICTIONS);

    /// Clients in this list may say with XFORWARD which client brought a message to them. It goes into
    /// the log (orig_client=), and to the next server; what is permitted stays as it is. Networks and
    /// names, as in mynetworks.
    ///
    /// Set it on the row where a content filter such as amavis hands messages back.
    ///
    ///     smtpd_authorized_xforward_hosts = 127.0.0.0/8
    public static final Param<List<String>> SMTPD_AUTHORIZED_XFORWARD_HOSTS =
            T.list("smtpd_authorized_xforward_hosts", "");

    /// Proxies in this list may say with XCLIENT which client is at their other end, and who has logged
    /// in there. The session starts again as that client's: restrictions, limits and the log see it.
    /// Networks and names, as in mynetworks.
    ///
    /// Set it for a proxy that speaks XCLIENT, such as nginx or Dovecot's submission service, and for
    /// tests of restrictions. Whoever is in the list can take on any address and any user's name.
    ///
    ///     smtpd_authorized_xclient_hosts = 192.0.2.17
    public static final Param<List<String>> SMTPD_AUTHORIZED_XCLIENT_HOSTS =
            T.list("smtpd_authorized_xclient_hosts", "");

    /// A proxy in front of smtpd(8) begins each connection with a header of this protocol, which tells
    /// the client's address: haproxy (versions 1 and 2), or empty for none. A connection without a header
    /// that can be read is ended.
    ///
    /// Set it with -o on a row that nobody but the proxy can reach: whoever reaches it can take on any
    /// address. With smtpd_tls_wrappermode the header comes before the TLS handshake.
    ///
    ///     smtpd_upstream_proxy_protocol = haproxy
    public static final Param<String> SMTPD_UPSTREAM_PROXY_PROTOCOL =
            T.choice("smtpd_upstream_proxy_protocol", "", List.of("", "haproxy"));

    /// The header of smtpd_upstream_proxy_protocol must be there within this time.
    ///
    /// There is hardly a reason to change it: a proxy sends the header at once.
    ///
    ///     smtpd_upstream_proxy_timeout = 10s
    public static final Param<Duration> SMTPD_UPSTREAM_PROXY_TIMEOUT =
            T.time("smtpd_upstream_proxy_timeout", "5s");

    /// A filter before the queue gets each message while the client waits, and its replies are passed on:
    /// host:port, inet:host:port or unix:pathname of an SMTP server, which hands what it accepts back to
    /// another row of smtpd(8). Without a host it is on this machine.
    ///
    /// Set it with -o on the row for clients, for a filter that shall refuse mail instead of returning it,
    /// such as amavis or the one of Proxmox; give the row no more places than the filter serves. A filter that does not offer
    /// REQUIRETLS gets no message that needs it, 550 5.7.30, unless requiretls_esmtp_header is on.
    ///
    ///     smtpd_proxy_filter = 127.0.0.1:10024
    public static final Param<String> SMTPD_PROXY_FILTER = T.text("smtpd_proxy_filter", "");

    /// The filter of smtpd_proxy_filter may take this long to connect, for each reply, and to take what it
    /// is sent.
    ///
    /// Lengthen it for filters that look at large messages for long.
    ///
    ///     smtpd_proxy_timeout = 300s
    public static final Param<Duration> SMTPD_PROXY_TIMEOUT = T.time("smtpd_proxy_timeout", "100s");

    /// smtpd(8) gives this name to the filter of smtpd_proxy_filter with EHLO.
    ///
    /// Set it if the filter hands messages back under our own name, and thinks of a loop.
    ///
    ///     smtpd_proxy_ehlo = filter.$mydomain
    public static final Param<String> SMTPD_PROXY_EHLO = T.text("smtpd_proxy_ehlo", "$myhostname");

    /// With speed_adjust the filter of smtpd_proxy_filter hears of a message when it is complete: it waits
    /// in memory until then, unless it is large or there are too many.
    ///
    /// Use it if slow clients keep the filter busy; refusals of recipients by the filter then come at the
    /// end of the message.
    ///
    ///     smtpd_proxy_options = speed_adjust
    public static final Param<List<String>> SMTPD_PROXY_OPTIONS = T.list("smtpd_proxy_options", "");

    /// reject_unverified_recipient refuses an address that a probe found bad with this code; 250 lets it
    /// pass, with a line in the log.
    ///
    /// Set 550 once you have seen in the log that probes are right.
    ///
    ///     unverified_recipient_reject_code = 550
    public static final Param<Long> UNVERIFIED_RECIPIENT_REJECT_CODE =
            T.number("unverified_recipient_reject_code", 450, 200, 599);

    /// reject_unverified_recipient refuses an address of which no probe could say anything yet with this
    /// code; 250 lets it pass, with a line in the log.
    ///
    /// Set 250 if no mail shall wait while the server of an address is away.
    ///
    ///     unverified_recipient_defer_code = 250
    public static final Param<Long> UNVERIFIED_RECIPIENT_DEFER_CODE =
            T.number("unverified_recipient_defer_code", 450, 200, 599);

    /// reject_unverified_recipient gives this reason in the place of what the probe was told.
    ///
    /// Set it if clients need not know the words of the servers behind.
    ///
    ///     unverified_recipient_reject_reason = Address lookup failed
    public static final Param<String> UNVERIFIED_RECIPIENT_REJECT_REASON =
            T.text("unverified_recipient_reject_reason", "");

    /// reject_unverified_recipient does this when no probe has said anything for good.
    ///
    /// Use defer if other restrictions need not be asked then.
    ///
    ///     unverified_recipient_tempfail_action = defer
    public static final Param<String> UNVERIFIED_RECIPIENT_TEMPFAIL_ACTION =
            T.choice(
                    "unverified_recipient_tempfail_action",
                    "$reject_tempfail_action",
                    List.of("defer_if_permit", "defer"));

    /// reject_unverified_sender refuses an address that a probe found bad with this code; 250 lets it
    /// pass, with a line in the log.
    ///
    /// Set 550 once you have seen in the log that probes are right.
    ///
    ///     unverified_sender_reject_code = 550
    public static final Param<Long> UNVERIFIED_SENDER_REJECT_CODE =
            T.number("unverified_sender_reject_code", 450, 200, 599);

    /// reject_unverified_sender refuses an address of which no probe could say anything yet with this
    /// code; 250 lets it pass, with a line in the log.
    ///
    /// Set 250 if no mail shall wait while the server of an address is away.
    ///
    ///     unverified_sender_defer_code = 250
    public static final Param<Long> UNVERIFIED_SENDER_DEFER_CODE =
            T.number("unverified_sender_defer_code", 450, 200, 599);

    /// reject_unverified_sender gives this reason in the place of what the probe was told.
    ///
    /// Set it if clients need not know the words of the servers behind.
    ///
    ///     unverified_sender_reject_reason = Address lookup failed
    public static final Param<String> UNVERIFIED_SENDER_REJECT_REASON =
            T.text("unverified_sender_reject_reason", "");

    /// reject_unverified_sender does this when no probe has said anything for good.
    ///
    /// Use defer if other restrictions need not be asked then.
    ///
    ///     unverified_sender_tempfail_action = defer
    public static final Param<String> UNVERIFIED_SENDER_TEMPFAIL_ACTION =
            T.choice(
                    "unverified_sender_tempfail_action",
                    "$reject_tempfail_action",
                    List.of("defer_if_permit", "defer"));

    /// smtpd(8) asks this often for the result of a probe before it defers; 1 means that it never waits.
    ///
    /// Set 1 for a crude kind of greylisting, in which each new address must try again.
    ///
    ///     address_verify_poll_count = 1
    public static final Param<Long> ADDRESS_VERIFY_POLL_COUNT =
            T.number("address_verify_poll_count", "${stress?{1}:{3}}", 1);

    /// smtpd(8) waits this long at most between two such questions; a result that comes earlier ends the
    /// wait.
    ///
    /// Lengthen it if probes of slow servers come too late.
    ///
    ///     address_verify_poll_delay = 5s
    public static final Param<Duration> ADDRESS_VERIFY_POLL_DELAY =
            T.time("address_verify_poll_delay", "3s");

    /// Mail of these clients counts as made here: addresses without a domain in its header are
    /// completed, canonical_maps and masquerade_domains apply there, and missing fields are added.
    /// Known are permit_inet_interfaces, permit_mynetworks, permit_sasl_authenticated,
    /// check_address_map with a table of addresses, permit_tls_clientcerts, for certificates in
    /// relay_clientcerts, and permit_tls_all_clientcerts, for all that an authority vouches for.
    ///
    /// Add permit_sasl_authenticated on rows for submission; never name strangers, whose signatures
    /// would break.
    ///
    ///     local_header_rewrite_clients = permit_inet_interfaces, permit_mynetworks
    public static final Param<List<String>> LOCAL_HEADER_REWRITE_CLIENTS =
            T.list(
                    "local_header_rewrite_clients",
                    "permit_inet_interfaces",
                    new RewriteClients.Items());

    /// Recipients of clients that are not known yet are deferred, after all restrictions have permitted them, as check_greylist
    /// does.
    ///
    /// Turn it on against programs that send spam and do not come again; the first mail of a stranger takes some minutes longer.
    /// Put check_greylist into a list instead if it shall be asked for some recipients or clients only.
    ///
    ///     smtpd_greylist_enable = yes
    public static final Param<Boolean> SMTPD_GREYLIST_ENABLE =
            T.bool("smtpd_greylist_enable", false);

    /// A client that is not known yet is let in when it comes again after this time, with the same sender and recipient.
    ///
    /// Lower it if users complain; who does not come again after a minute mostly does not after five either.
    ///
    ///     smtpd_greylist_delay = 60s
    public static final Param<Duration> SMTPD_GREYLIST_DELAY =
            T.time("smtpd_greylist_delay", "300s");

    /// A client must have come again within this time; later it is as new as before.
    ///
    /// Leave it: some servers try again after many hours only.
    ///
    ///     smtpd_greylist_retry_window = 4d
    public static final Param<Duration> SMTPD_GREYLIST_RETRY_WINDOW =
            T.time("smtpd_greylist_retry_window", "2d");

    /// A client that was let in is remembered for this time after it came last, with its sender and recipient.
    ///
    /// Leave it: mail that comes once a month shall not be delayed each time.
    ///
    ///     smtpd_greylist_lifetime = 60d
    public static final Param<Duration> SMTPD_GREYLIST_LIFETIME =
            T.time("smtpd_greylist_lifetime", "35d");

    /// A network from which clients were let in this many times, at most one an hour being counted, is not delayed any more. 0: each
    /// new sender and recipient is.
    ///
    /// Raise it if spam comes from networks that send honest mail as well.
    ///
    ///     smtpd_greylist_auto_allowlist_clients = 10
    public static final Param<Long> SMTPD_GREYLIST_AUTO_ALLOWLIST_CLIENTS =
            T.number("smtpd_greylist_auto_allowlist_clients", 5, 0);

    /// IPv4 clients whose addresses have so many bits in common are taken for one, as large senders try again from another
    /// machine.
    ///
    /// Set it to 32 to tell all addresses apart.
    ///
    ///     smtpd_greylist_ipv4_prefix_length = 32
    public static final Param<Long> SMTPD_GREYLIST_IPV4_PREFIX_LENGTH =
            T.number("smtpd_greylist_ipv4_prefix_length", 24, 0, 32);

    /// IPv6 clients whose addresses have so many bits in common are taken for one.
    ///
    /// Leave it: one client has all addresses of its network.
    ///
    ///     smtpd_greylist_ipv6_prefix_length = 56
    public static final Param<Long> SMTPD_GREYLIST_IPV6_PREFIX_LENGTH =
            T.number("smtpd_greylist_ipv6_prefix_length", 64, 0, 128);

    /// Clients with these names, addresses or networks are never deferred by greylisting, beside those in $mynetworks and those that have
    /// logged in; see mynetworks for the form.
    ///
    /// Name servers here that do not try again, or from many networks.
    ///
    ///     smtpd_greylist_client_exceptions = .bigmail.example, 192.0.2.0/24, texthash:/etc/postino/no_greylist
    public static final Param<List<String>> SMTPD_GREYLIST_CLIENT_EXCEPTIONS =
            T.list("smtpd_greylist_client_exceptions", "");

    /// Mail for these recipients is never deferred by greylisting: addresses, user@, domains, which stand for their subdomains too, and tables with
    /// such keys.
    ///
    /// Name those who expect mail of strangers at once.
    ///
    ///     smtpd_greylist_recipient_exceptions = postmaster@, support@example.com, lists.example.com
    public static final Param<List<String>> SMTPD_GREYLIST_RECIPIENT_EXCEPTIONS =
            T.list("smtpd_greylist_recipient_exceptions", "postmaster@");

    /// Clients in these DNS lists are never deferred by greylisting, with a filter for the answer as in reject_rbl_client.
    ///
    /// Set it to a list of servers that are known to try again.
    ///
    ///     smtpd_greylist_dnswl_sites = list.example=127.0.[0..255].[1..3]
    public static final Param<List<String>> SMTPD_GREYLIST_DNSWL_SITES =
            T.list("smtpd_greylist_dnswl_sites", "", DnsblSite.Check.LISTS);

    /// This text stands in the reply to a client that must come again; $seconds is the time until then.
    ///
    /// Change it to tell people where to read about it.
    ///
    ///     smtpd_greylist_text = Greylisted for $seconds seconds: see help.example.com
    public static final Param<String> SMTPD_GREYLIST_TEXT =
            T.raw("smtpd_greylist_text", "Greylisted for $seconds seconds");

    /// A message that was delayed gets a header field that says so: X-Greylist: delayed 301 seconds by postino.
    ///
    /// Turn it on to see what greylisting costs, or to have filters know of it.
    ///
    ///     smtpd_greylist_header_enable = yes
    public static final Param<Boolean> SMTPD_GREYLIST_HEADER_ENABLE =
            T.bool("smtpd_greylist_header_enable", false);

    /// A user who has logged in may send so much; each item is messages, recipients or bytes, /hour or /day, and a number. Hours and days begin
    /// with the first message in them. All rows count together, and anvil(8) remembers.
    ///
    /// Set it well above what an honest user does: a password that was stolen is noticed then, and few messages of the thief leave.
    ///
    ///     smtpd_user_volume_limits = recipients/hour=200, recipients/day=1000
    public static final Param<List<String>> SMTPD_USER_VOLUME_LIMITS =
            T.list("smtpd_user_volume_limits", "", VolumeWords.LIMITS);

    /// A client that has not logged in may send so much, in the form of smtpd_user_volume_limits. Clients of an IPv6 network (/64)
    /// count as one.
    ///
    /// Set it where machines of your own hand in mail without a password.
    ///
    ///     smtpd_client_volume_limits = messages/hour=1000, bytes/day=1000000000
    public static final Param<List<String>> SMTPD_CLIENT_VOLUME_LIMITS =
            T.list("smtpd_client_volume_limits", "", VolumeWords.LIMITS);

    /// This is done about the mail of a user beyond smtpd_user_volume_limits: hold takes it and puts it in the hold queue, reject refuses it with
    /// 450.
    ///
    /// Leave it: whoever has stolen the password does not notice, and no honest mail is lost.
    ///
    ///     smtpd_user_volume_limit_action = reject
    public static final Param<String> SMTPD_USER_VOLUME_LIMIT_ACTION =
            T.choice("smtpd_user_volume_limit_action", "hold", List.of("hold", "reject"));

    /// This is done about the mail of a client beyond smtpd_client_volume_limits: reject refuses it with 450, hold puts it in the hold queue.
    ///
    /// Leave it: a mail server tries again.
    ///
    ///     smtpd_client_volume_limit_action = hold
    public static final Param<String> SMTPD_CLIENT_VOLUME_LIMIT_ACTION =
            T.choice("smtpd_client_volume_limit_action", "reject", List.of("hold", "reject"));

    /// smtpd_user_volume_limits are not for these login names; tables may name them too.
    ///
    /// Name accounts of programs that send to many.
    ///
    ///     smtpd_user_volume_limit_exceptions = newsletter@example.com
    public static final Param<List<String>> SMTPD_USER_VOLUME_LIMIT_EXCEPTIONS =
            T.list("smtpd_user_volume_limit_exceptions", "");

    /// smtpd_client_volume_limits are not for clients with these names, addresses or networks.
    ///
    /// Name mail servers that may send any amount.
    ///
    ///     smtpd_client_volume_limit_exceptions = 192.0.2.25
    public static final Param<List<String>> SMTPD_CLIENT_VOLUME_LIMIT_EXCEPTIONS =
            T.list("smtpd_client_volume_limit_exceptions", "");

    /// A user or client that goes beyond smtpd_user_volume_limits or smtpd_client_volume_limits is reported to this address, once a day; empty: to nobody.
    ///
    /// Set it to those who look after stolen passwords.
    ///
    ///     smtpd_volume_notice_recipient = abuse
    public static final Param<String> SMTPD_VOLUME_NOTICE_RECIPIENT =
            T.text("smtpd_volume_notice_recipient", "postmaster");

    /// All of the above.
    public static final ParamTable ALL = T.table();

    private SmtpdParams() {}
}
