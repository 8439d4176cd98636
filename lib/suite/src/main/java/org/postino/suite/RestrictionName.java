// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import static org.postino.smtp.SmtpStage.CONNECT;
import static org.postino.smtp.SmtpStage.ETRN;
import static org.postino.smtp.SmtpStage.HELO;
import static org.postino.smtp.SmtpStage.MAIL;
import static org.postino.smtp.SmtpStage.RCPT;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.postino.config.ValueException;
import org.postino.smtp.SmtpStage;
import org.postino.table.TableType;

/// The restrictions that lists of smtpd's may name, a row each: argument, first stage, the words of the manual page, an older name.
///
/// A row is everything about a restriction but its code, which smtpd has in one switch over all rows; the compiler sees that none
/// is missing there. The check of main.cf, "did you mean" and the table in smtpd(8) are made from the rows.
public enum RestrictionName {
    CHECK_CCERT_ACCESS(
            Argument.CERTIFICATE_TABLE,
            HELO,
            "Looks up the fingerprints of the client's certificate and of its key (needs"
                    + " smtpd_tls_ask_ccert)."),
    CHECK_CLIENT_A_ACCESS(
            Argument.TABLE,
            CONNECT,
            "Looks up the addresses of the client's name, by name and address; OK is not allowed."),
    CHECK_CLIENT_ACCESS(
            Argument.TABLE, CONNECT, "Looks up the client's name, address or network (access(5))."),
    CHECK_CLIENT_MX_ACCESS(
            Argument.TABLE,
            CONNECT,
            "Looks up the mail exchangers of the client's name, by name and address; OK is not allowed."),
    CHECK_CLIENT_NS_ACCESS(
            Argument.TABLE,
            CONNECT,
            "Looks up the name servers of the client's name, by name and address; OK is not allowed."),
    CHECK_ETRN_ACCESS(
            Argument.TABLE, ETRN, "Looks up the domain given with ETRN, and its parents."),
    CHECK_GREYLIST(
            Argument.NONE,
            RCPT,
            "Refuses a client for now that is not known yet; see Greylisting."),
    CHECK_HELO_A_ACCESS(
            Argument.TABLE,
            HELO,
            "Looks up the addresses of the name given with HELO, by name and address; OK is not allowed."),
    CHECK_HELO_ACCESS(Argument.TABLE, HELO, "Looks up the name given with HELO."),
    CHECK_HELO_MX_ACCESS(
            Argument.TABLE,
            HELO,
            "Looks up the mail exchangers of the name given with HELO, by name and address; OK is not allowed."),
    CHECK_HELO_NS_ACCESS(
            Argument.TABLE,
            HELO,
            "Looks up the name servers of the name given with HELO, by name and address; OK is not allowed."),
    CHECK_POLICY_SERVICE(
            Argument.POLICY_SERVER,
            CONNECT,
            "Asks a policy server, which answers with an action of access(5)."),
    CHECK_RECIPIENT_A_ACCESS(
            Argument.TABLE,
            RCPT,
            "Looks up the addresses of the recipient's domain, by name and address; OK is not allowed."),
    CHECK_RECIPIENT_ACCESS(
            Argument.TABLE, RCPT, "Looks up the recipient's address, its domain, or its user."),
    CHECK_RECIPIENT_MX_ACCESS(
            Argument.TABLE,
            RCPT,
            "Looks up the mail exchangers of the recipient's domain, by name and address; OK is not allowed."),
    CHECK_RECIPIENT_NS_ACCESS(
            Argument.TABLE,
            RCPT,
            "Looks up the name servers of the recipient's domain, by name and address; OK is not allowed."),
    CHECK_REVERSE_CLIENT_HOSTNAME_A_ACCESS(
            Argument.TABLE,
            CONNECT,
            "Looks up the addresses of the client's name, confirmed or not, by name and address; OK is not allowed."),
    CHECK_REVERSE_CLIENT_HOSTNAME_ACCESS(
            Argument.TABLE,
            CONNECT,
            "As check_client_access, by the client's name even if it is not confirmed; OK is not"
                    + " allowed."),
    CHECK_REVERSE_CLIENT_HOSTNAME_MX_ACCESS(
            Argument.TABLE,
            CONNECT,
            "Looks up the mail exchangers of the client's name, confirmed or not, by name and address; OK is not allowed."),
    CHECK_REVERSE_CLIENT_HOSTNAME_NS_ACCESS(
            Argument.TABLE,
            CONNECT,
            "Looks up the name servers of the client's name, confirmed or not, by name and address; OK is not allowed."),
    CHECK_SASL_ACCESS(
            Argument.TABLE, HELO, "Looks up the login name of a client that has logged in."),
    CHECK_SENDER_A_ACCESS(
            Argument.TABLE,
            MAIL,
            "Looks up the addresses of the sender's domain, by name and address; OK is not allowed."),
    CHECK_SENDER_ACCESS(
            Argument.TABLE, MAIL, "Looks up the sender's address, its domain, or its user."),
    CHECK_SENDER_MX_ACCESS(
            Argument.TABLE,
            MAIL,
            "Looks up the mail exchangers of the sender's domain, by name and address; OK is not allowed."),
    CHECK_SENDER_NS_ACCESS(
            Argument.TABLE,
            MAIL,
            "Looks up the name servers of the sender's domain, by name and address; OK is not allowed."),
    DEFER(Argument.NONE, CONNECT, "Refuses everything for now."),
    DEFER_IF_PERMIT(Argument.NONE, CONNECT, "Refuses for now what would be permitted in the end."),
    DEFER_IF_REJECT(Argument.NONE, CONNECT, "Refuses for now what would be refused in the end."),
    DEFER_UNAUTH_DESTINATION(
            Argument.NONE, RCPT, "As reject_unauth_destination, but the client may come again."),
    PERMIT(Argument.NONE, CONNECT, "Permits everything."),
    PERMIT_AUTH_DESTINATION(
            Argument.NONE, RCPT, "Permits recipients that are delivered here or relayed to."),
    PERMIT_DNSWL_CLIENT(
            Argument.DNS_LIST,
            RCPT,
            "Permits clients whose address stands in a DNS list, for recipients that are delivered"
                    + " here or relayed to."),
    PERMIT_INET_INTERFACES(Argument.NONE, CONNECT, "Permits clients on this machine."),
    PERMIT_MX_BACKUP(
            Argument.NONE,
            RCPT,
            "As permit_auth_destination, and permits recipients in domains that have this system as"
                    + " a mail exchanger that is not the first, if the first ones are in"
                    + " $permit_mx_backup_networks."),
    PERMIT_MYNETWORKS(Argument.NONE, CONNECT, "Permits clients in $mynetworks."),
    PERMIT_RHSWL_CLIENT(Argument.DNS_LIST, RCPT, "As permit_dnswl_client, by the client's name."),
    PERMIT_SASL_AUTHENTICATED(Argument.NONE, HELO, "Permits clients that have logged in."),
    PERMIT_TLS_ALL_CLIENTCERTS(
            Argument.NONE,
            HELO,
            "Permits clients with a certificate that an authority in $smtpd_tls_CAfile or"
                    + " $smtpd_tls_CApath vouches for."),
    PERMIT_TLS_CLIENTCERTS(
            Argument.NONE,
            HELO,
            "Permits clients if $relay_clientcerts has the fingerprint of their certificate or key."),
    REJECT(Argument.NONE, CONNECT, "Refuses everything."),
    REJECT_AUTHENTICATED_SENDER_LOGIN_MISMATCH(
            Argument.NONE,
            MAIL,
            "As reject_sender_login_mismatch, of clients that have logged in."),
    REJECT_INVALID_HELO_HOSTNAME(
            Argument.NONE,
            HELO,
            "Refuses a name given with HELO that can be no host name.",
            "reject_invalid_hostname"),
    REJECT_KNOWN_SENDER_LOGIN_MISMATCH(
            Argument.NONE, MAIL, "As reject_sender_login_mismatch, of addresses that have owners."),
    REJECT_MAPS_RBL(
            Argument.NONE,
            CONNECT,
            "The old form of reject_rbl_client, for the lists in $maps_rbl_domains."),
    REJECT_MULTI_RECIPIENT_BOUNCE(
            Argument.NONE, RCPT, "Refuses a message with several recipients and no sender."),
    REJECT_NON_FQDN_HELO_HOSTNAME(
            Argument.NONE,
            HELO,
            "Refuses a name given with HELO that is not fully qualified.",
            "reject_non_fqdn_hostname"),
    REJECT_NON_FQDN_RECIPIENT(
            Argument.NONE, RCPT, "Refuses a recipient whose domain is not fully qualified."),
    REJECT_NON_FQDN_SENDER(
            Argument.NONE, MAIL, "Refuses a sender whose domain is not fully qualified."),
    REJECT_PLAINTEXT_SESSION(Argument.NONE, CONNECT, "Refuses clients without encryption."),
    REJECT_RBL_CLIENT(
            Argument.DNS_LIST, CONNECT, "Refuses clients whose address stands in a DNS list."),
    REJECT_RHSBL_CLIENT(
            Argument.DNS_LIST, CONNECT, "Refuses clients whose name stands in a DNS list."),
    REJECT_RHSBL_HELO(
            Argument.DNS_LIST, HELO, "Refuses a name given with HELO that stands in a DNS list."),
    REJECT_RHSBL_RECIPIENT(
            Argument.DNS_LIST, RCPT, "Refuses a recipient whose domain stands in a DNS list."),
    REJECT_RHSBL_REVERSE_CLIENT(
            Argument.DNS_LIST,
            CONNECT,
            "Refuses clients whose name, confirmed or not, stands in a DNS list."),
    REJECT_RHSBL_SENDER(
            Argument.DNS_LIST, MAIL, "Refuses a sender whose domain stands in a DNS list."),
    REJECT_SENDER_LOGIN_MISMATCH(
            Argument.NONE,
            MAIL,
            "Refuses a sender that $smtpd_sender_login_maps does not give to the client's login"
                    + " name, or that has owners while the client has not logged in."),
    REJECT_UNAUTH_DESTINATION(
            Argument.NONE,
            RCPT,
            "Refuses recipients that are neither delivered here nor relayed to.",
            "check_relay_domains"),
    REJECT_UNAUTH_PIPELINING(
            Argument.NONE, CONNECT, "Refuses clients that sent ahead where they must wait."),
    REJECT_UNAUTHENTICATED_SENDER_LOGIN_MISMATCH(
            Argument.NONE,
            MAIL,
            "As reject_sender_login_mismatch, of clients that have not logged in."),
    REJECT_UNKNOWN_CLIENT_HOSTNAME(
            Argument.NONE,
            CONNECT,
            "Refuses clients without a confirmed name.",
            "reject_unknown_client"),
    REJECT_UNKNOWN_FORWARD_CLIENT_HOSTNAME(
            Argument.NONE,
            CONNECT,
            "Refuses clients without a name, or with one that has no address at all."),
    REJECT_UNKNOWN_HELO_HOSTNAME(
            Argument.NONE,
            HELO,
            "Refuses a name given with HELO that has neither address nor MX record.",
            "reject_unknown_hostname"),
    REJECT_UNKNOWN_RECIPIENT_DOMAIN(
            Argument.NONE,
            RCPT,
            "Refuses a recipient elsewhere whose domain has neither MX nor address record, or takes"
                    + " no mail (RFC 7505)."),
    REJECT_UNKNOWN_REVERSE_CLIENT_HOSTNAME(
            Argument.NONE, CONNECT, "Refuses clients whose address has no name at all."),
    REJECT_UNKNOWN_SENDER_DOMAIN(
            Argument.NONE,
            MAIL,
            "Refuses a sender elsewhere whose domain has neither MX nor address record, or takes no"
                    + " mail (RFC 7505).",
            "reject_unknown_address"),
    REJECT_UNLISTED_RECIPIENT(
            Argument.NONE,
            RCPT,
            "Refuses a recipient in a domain of ours who does not exist.",
            "check_recipient_maps"),
    REJECT_UNLISTED_SENDER(
            Argument.NONE, MAIL, "Refuses a sender in a domain of ours who does not exist."),
    REJECT_UNVERIFIED_RECIPIENT(
            Argument.NONE,
            RCPT,
            "Refuses a recipient of whom a probe says that mail would bounce."),
    REJECT_UNVERIFIED_SENDER(
            Argument.NONE, MAIL, "Refuses a sender of whom a probe says that mail would bounce."),
    SLEEP(Argument.NUMBER, CONNECT, "Lets the client wait for so many seconds."),
    WARN_IF_REJECT(
            Argument.NONE,
            CONNECT,
            "Makes the refusal of the restriction behind it a line in the log.");

    /// The kinds of words that follow a restriction's name.
    public enum Argument {
        NONE("", ""),
        /// A lookup table, `type:name`.
        TABLE("Ar type:table", "needs a table, type:name"),
        /// A number, at most of nine digits.
        NUMBER("Ar seconds", "needs a number of seconds"),
        /// A [CertificateTable].
        CERTIFICATE_TABLE("Ar type:table", "needs a table, type:name"),
        /// A [PolicyServer].
        POLICY_SERVER("Ar server", "needs a policy server, inet:host:port or unix:path"),
        /// A [DnsList].
        DNS_LIST("Ar domain Ns Oo Ns = Ns Ar d.d.d.d Oc", "needs the domain of a DNS list");

        private final String synopsis;
        private final String need;

        Argument(String synopsis, String need) {
            this.synopsis = synopsis;
            this.need = need;
        }

        /// The argument in mdoc; empty if there is none.
        public String synopsis() {
            return synopsis;
        }

        /// The words about a text that cannot be this argument, to follow the restriction's name; empty if it can.
        String problem(String text) {
            return switch (this) {
                case NONE -> "";
                case NUMBER -> text.matches("[0-9]{1,9}") ? "" : need;
                case TABLE -> text.indexOf(':') < 0 ? need : badType(text);
                case CERTIFICATE_TABLE, POLICY_SERVER, DNS_LIST ->
                        text.isEmpty() ? need : bad(text);
            };
        }

        private String bad(String text) {
            try {
                switch (this) {
                    case CERTIFICATE_TABLE -> {
                        return badType(CertificateTable.parse(text).table());
                    }
                    case DNS_LIST -> DnsList.parse(text);
                    case POLICY_SERVER -> PolicyServer.parse(text);
                    case NONE, NUMBER, TABLE -> {}
                }
                return "";
            } catch (ValueException e) {
                return "has a bad argument: " + e.getMessage();
            }
        }

        private static String badType(String table) {
            return TableType.unsupported(table, true)
                    .map(type -> "has a bad argument: " + unsupported(type))
                    .orElse("");
        }
    }

    /// The words about a table of a type that there is not.
    static String unsupported(String type) {
        return "unsupported table type \"" + type + "\"; postconf -m shows those there are";
    }

    private static final Map<String, RestrictionName> BY_WORD = new HashMap<>();

    static {
        for (var row : values()) {
            BY_WORD.put(row.word, row);
            if (!row.oldWord.isEmpty()) {
                BY_WORD.put(row.oldWord, row);
            }
        }
    }

    private final String word;
    private final Argument argument;
    private final SmtpStage from;
    private final String doc;
    private final String oldWord;

    RestrictionName(Argument argument, SmtpStage from, String doc) {
        this(argument, from, doc, "");
    }

    /// @param oldWord the name before Postfix 2.3, which Postfix still takes; empty if there was none
    RestrictionName(Argument argument, SmtpStage from, String doc, String oldWord) {
        this.word = name().toLowerCase(Locale.ROOT);
        this.argument = argument;
        this.from = from;
        this.doc = doc;
        this.oldWord = oldWord;
    }

    /// The row of a word in a list, in letters of either case, by a name of today or an older one; null if there is none.
    public static @Nullable RestrictionName find(String word) {
        return BY_WORD.get(word.toLowerCase(Locale.ROOT));
    }

    /// The name as main.cf has it: `reject_unauth_destination`.
    public String word() {
        return word;
    }

    /// The kind of word that follows the name.
    public Argument argument() {
        return argument;
    }

    /// The first stage at which the restriction has something to judge. Asked before, it has no opinion.
    public SmtpStage from() {
        return from;
    }

    /// The name before Postfix 2.3, which is still taken; empty if there was none.
    public String oldWord() {
        return oldWord;
    }

    /// One sentence for the manual page.
    public String doc() {
        return doc;
    }
}
