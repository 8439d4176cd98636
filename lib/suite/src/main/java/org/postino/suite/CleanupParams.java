// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.util.List;
import org.postino.config.Expander;
import org.postino.config.Param;
import org.postino.config.ParamTable;
import org.postino.config.ParamType;
import org.postino.config.ValueException;

/// Parameters of cleanup(8).
public final class CleanupParams {
    private static final ParamTable.Builder T = ParamTable.declare();

    /// Missing Date, From and Message-Id header fields are added to mail from other systems too,
    /// not to local mail alone.
    ///
    /// Turn it on if programs on other machines send through this one and leave fields out; it
    /// breaks signatures over a field that was missing.
    ///
    ///     always_add_missing_headers = yes
    public static final Param<Boolean> ALWAYS_ADD_MISSING_HEADERS =
            T.bool("always_add_missing_headers", false);

    /// This header field is added to a message that names no recipient in To, Cc or their like;
    /// empty adds none.
    ///
    /// Set it if receivers complain of messages without a To field.
    ///
    ///     undisclosed_recipients_header = To: undisclosed-recipients:;
    public static final Param<String> UNDISCLOSED_RECIPIENTS_HEADER =
            T.text("undisclosed_recipients_header", "");

    /// The address that the sender wrote is kept beside the one that it became, for X-Original-To:,
    /// notifications and the log; recipients count as different if it differs.
    ///
    /// Turn it off to have one copy delivered where several aliases lead to the same user.
    ///
    ///     enable_original_recipient = no
    public static final Param<Boolean> ENABLE_ORIGINAL_RECIPIENT =
            T.bool("enable_original_recipient", true);

    /// These tables replace addresses in the envelope and, for local mail, in header fields, of
    /// senders and recipients alike.
    ///
    /// Use them to give users official addresses, such as first.last@example.com for a log-in name.
    ///
    ///     canonical_maps = hash:/etc/postino/canonical
    public static final Param<List<String>> CANONICAL_MAPS = T.list("canonical_maps", "");

    /// canonical_maps replace addresses of these kinds: envelope_sender, envelope_recipient,
    /// header_sender, header_recipient.
    ///
    /// Leave out the recipients if they shall get mail as it was addressed.
    ///
    ///     canonical_classes = envelope_sender, header_sender
    public static final Param<List<String>> CANONICAL_CLASSES =
            T.list(
                    "canonical_classes",
                    "envelope_sender, envelope_recipient, header_sender, header_recipient");

    /// These tables replace sender addresses, before canonical_maps are asked.
    ///
    /// Use them if users write under another address than the one they get mail at.
    ///
    ///     sender_canonical_maps = hash:/etc/postino/sender_canonical
    public static final Param<List<String>> SENDER_CANONICAL_MAPS =
            T.list("sender_canonical_maps", "");

    /// sender_canonical_maps replace sender addresses of these kinds: envelope_sender,
    /// header_sender.
    ///
    /// Leave out header_sender to change where notifications go and nothing that people see.
    ///
    ///     sender_canonical_classes = envelope_sender
    public static final Param<List<String>> SENDER_CANONICAL_CLASSES =
            T.list("sender_canonical_classes", "envelope_sender, header_sender");

    /// These tables replace recipient addresses, before canonical_maps are asked.
    ///
    /// Use them to correct addresses for good, in the header too; virtual_alias_maps change the
    /// envelope alone.
    ///
    ///     recipient_canonical_maps = hash:/etc/postino/recipient_canonical
    public static final Param<List<String>> RECIPIENT_CANONICAL_MAPS =
            T.list("recipient_canonical_maps", "");

    /// recipient_canonical_maps replace recipient addresses of these kinds: envelope_recipient,
    /// header_recipient.
    ///
    /// Leave out header_recipient if To and Cc shall stay as they were written.
    ///
    ///     recipient_canonical_classes = envelope_recipient
    public static final Param<List<String>> RECIPIENT_CANONICAL_CLASSES =
            T.list("recipient_canonical_classes", "envelope_recipient, header_recipient");

    /// Addresses in hosts below these domains are given the domain alone, after canonical_maps: the
    /// first that fits counts, and behind an exclamation mark hosts keep their names.
    ///
    /// Use it where mail of many machines is to look as if it came from one domain, which then has to
    /// take the answers.
    ///
    ///     masquerade_domains = !gate.example.com, example.com
    public static final Param<List<String>> MASQUERADE_DOMAINS = T.list("masquerade_domains", "");

    /// masquerade_domains change addresses of these kinds: envelope_sender, envelope_recipient,
    /// header_sender, header_recipient.
    ///
    /// Leave envelope_recipient out, or mail to a host behind this one never gets there.
    ///
    ///     masquerade_classes = envelope_sender, header_sender
    public static final Param<List<String>> MASQUERADE_CLASSES =
            T.list("masquerade_classes", "envelope_sender, header_sender, header_recipient");

    /// Addresses of these users keep their hosts, whatever masquerade_domains say.
    ///
    /// Name those whom every machine has, so that it can be told whose mail it is.
    ///
    ///     masquerade_exceptions = root, mailer-daemon
    public static final Param<List<String>> MASQUERADE_EXCEPTIONS =
            T.list("masquerade_exceptions", "");

    /// Addresses in header fields of mail from elsewhere are completed with this domain, and missing
    /// fields added; empty leaves such mail as it is. What counts as from elsewhere is said by
    /// local_header_rewrite_clients.
    ///
    /// Set it, to a name that nobody can have, only if programs here cannot stand addresses without a
    /// domain.
    ///
    ///     remote_header_rewrite_domain = domain.invalid
    public static final Param<String> REMOTE_HEADER_REWRITE_DOMAIN =
            T.text("remote_header_rewrite_domain", "");

    /// A virtual alias may lead to another, and so on, this many times; with more the message is
    /// deferred.
    ///
    /// Lower it to find circles sooner.
    ///
    ///     virtual_alias_recursion_limit = 50
    public static final Param<Long> VIRTUAL_ALIAS_RECURSION_LIMIT =
            T.number("virtual_alias_recursion_limit", 1000, 1);

    /// Virtual aliases may make this many addresses of one recipient; with more the message is
    /// deferred.
    ///
    /// Raise it for large lists, or keep them in a list manager.
    ///
    ///     virtual_alias_expansion_limit = 5000
    public static final Param<Long> VIRTUAL_ALIAS_EXPANSION_LIMIT =
            T.number("virtual_alias_expansion_limit", 1000, 1);

    /// An address that virtual aliases make may have this many characters; a longer one defers the
    /// message.
    ///
    /// There is hardly a reason to change it: it stops patterns that make ever longer addresses.
    ///
    ///     virtual_alias_address_length_limit = 500
    public static final Param<Long> VIRTUAL_ALIAS_ADDRESS_LENGTH_LIMIT =
            T.number("virtual_alias_address_length_limit", 1000, 1);

    /// This address receives a copy of every message that enters the queue.
    ///
    /// Use it for an archive; the law may have a say in it.
    ///
    ///     always_bcc = archive@example.com
    public static final Param<String> ALWAYS_BCC = T.text("always_bcc", "");

    /// These tables give, by the sender, an address that receives a copy.
    ///
    /// Use them to archive what one department sends.
    ///
    ///     sender_bcc_maps = hash:/etc/postino/sender_bcc
    public static final Param<List<String>> SENDER_BCC_MAPS = T.list("sender_bcc_maps", "");

    /// These tables give, by the recipient, an address that receives a copy.
    ///
    /// Use them to archive what comes for one address.
    ///
    ///     recipient_bcc_maps = hash:/etc/postino/recipient_bcc
    public static final Param<List<String>> RECIPIENT_BCC_MAPS = T.list("recipient_bcc_maps", "");

    /// These header fields are removed from every message that enters the queue.
    ///
    /// Add fields of yours that must not leave the house; without bcc in the list blind copies are
    /// no longer blind.
    ///
    ///     message_drop_headers = bcc, content-length, resent-bcc, return-path, x-internal
    public static final Param<List<String>> MESSAGE_DROP_HEADERS =
            T.list("message_drop_headers", "bcc, content-length, resent-bcc, return-path");

    /// This many recipients of a message are remembered, so that who comes twice gets one copy; 0
    /// remembers all.
    ///
    /// Raise it if lists with many thousands of recipients have duplicates.
    ///
    ///     duplicate_filter_limit = 10000
    public static final Param<Long> DUPLICATE_FILTER_LIMIT =
            T.number("duplicate_filter_limit", 1000, 0);

    /// Messages of these origins count as SMTPUTF8 if their header fields have UTF-8, although
    /// nobody said so: sendmail, smtpd, bounce, verify, all.
    ///
    /// Use all if programs on other machines send such fields undeclared.
    ///
    ///     smtputf8_autodetect_classes = all
    public static final Param<List<String>> SMTPUTF8_AUTODETECT_CLASSES =
            T.list("smtputf8_autodetect_classes", "sendmail, verify");

    /// A From field that is made for a message without one has this form: standard, `Name <address>`,
    /// or obsolete, `address (Name)`.
    ///
    /// Set it to obsolete if programs of yours read the old form alone.
    ///
    ///     header_from_format = obsolete
    public static final Param<String> HEADER_FROM_FORMAT =
            T.choice("header_from_format", "standard", List.of("standard", "obsolete"));

    /// A header that is not ended by an empty line, but by a line that is no field, has this done to it:
    /// fix_quietly puts an empty line between them, add_header a field MIME-Error as well, and reject
    /// refuses the message, 550 5.6.0.
    ///
    /// Set it to reject if programs behind this server shall not have to guess where a header ends.
    ///
    ///     non_empty_end_of_header_action = add_header
    public static final Param<String> NON_EMPTY_END_OF_HEADER_ACTION =
            T.choice(
                    "non_empty_end_of_header_action",
                    "fix_quietly",
                    List.of("fix_quietly", "add_header", "reject"));

    /// A CR or LF in a message that is not part of the CR LF at the end of a line becomes a space, before all else is done to the message.
    /// In mail over SMTP smtpd(8) has seen to that in any case.
    ///
    /// Leave it: such octets may smuggle a second message through a server that takes them for the end of a line.
    ///
    ///     cleanup_replace_stray_cr_lf = no
    public static final Param<Boolean> CLEANUP_REPLACE_STRAY_CR_LF =
            T.bool("cleanup_replace_stray_cr_lf", true);

    /// In a field whose addresses are rewritten, only so many words and signs are read; addresses behind them are left out. Comments and blanks do
    /// not count.
    ///
    /// Lower it if fields of thousands of addresses take too long, or too much room in the mailboxes of their readers.
    ///
    ///     header_address_token_limit = 20000
    public static final Param<Long> HEADER_ADDRESS_TOKEN_LIMIT =
            T.number("header_address_token_limit", 10240, 1);

    /// A message that has one of these octets is refused: 550 5.7.1 disallowed character. Escapes stand
    /// for octets: \a \b \f \n \r \t \v \\ and \NNN with up to three octal digits. The ends of lines count for none.
    ///
    /// Set it to \0 if a NUL in a message confuses programs behind this one; message_strip_characters
    /// is kinder.
    ///
    ///     message_reject_characters = \0
    public static final Param<String> MESSAGE_REJECT_CHARACTERS =
            T.text("message_reject_characters", "");

    /// These octets are left out of messages, written as in message_reject_characters, which comes first.
    ///
    /// Set it to \0 for a mail store that stops at a NUL; signatures over a message that has one break.
    ///
    ///     message_strip_characters = \0
    public static final Param<String> MESSAGE_STRIP_CHARACTERS =
            T.text("message_strip_characters", "");

    /// A message with an octet above 127 in a header field is refused: 550 5.6.0.
    ///
    /// Leave it off: mail programs write UTF-8 there, with SMTPUTF8 even by the rules.
    ///
    ///     strict_7bit_headers = yes
    public static final Param<Boolean> STRICT_7BIT_HEADERS = T.bool("strict_7bit_headers", false);

    /// A message is refused as strict_7bit_headers and strict_8bitmime_body together would refuse it.
    ///
    /// Leave it off where mail of other people comes in; use it to find programs of yours that write
    /// broken mail.
    ///
    ///     strict_8bitmime = yes
    public static final Param<Boolean> STRICT_8BITMIME = T.bool("strict_8bitmime", false);

    /// A message with an octet above 127 in its body is refused, 550 5.6.0, unless
    /// Content-Transfer-Encoding of the part in which it stands announces it.
    ///
    /// Leave it off where mail of other people comes in: reports of old servers are like that.
    ///
    ///     strict_8bitmime_body = yes
    public static final Param<Boolean> STRICT_8BITMIME_BODY = T.bool("strict_8bitmime_body", false);

    /// A message is refused, 550 5.6.0, if a multipart or an attached message in it claims to be in
    /// base64 or quoted-printable as a whole, which no standard allows.
    ///
    /// Leave it off where mail of other people comes in.
    ///
    ///     strict_mime_encoding_domain = yes
    public static final Param<Boolean> STRICT_MIME_ENCODING_DOMAIN =
            T.bool("strict_mime_encoding_domain", false);

    /// Parts of a message that announce octets above 127 (Content-Transfer-Encoding: 8bit or binary) become
    /// quoted-printable, before tables and milters see them.
    ///
    /// Turn it on where mail is signed on its way out, as a server without 8BITMIME further on would
    /// break the signature.
    ///
    ///     force_mime_input_conversion = yes
    public static final Param<Boolean> FORCE_MIME_INPUT_CONVERSION =
            T.bool("force_mime_input_conversion", false);

    /// Octets above 127 make a message one of 8BITMIME though its client did not say so.
    ///
    /// Turn it off only to have such mail sent on as if it had none.
    ///
    ///     detect_8bit_encoding_header = no
    public static final Param<Boolean> DETECT_8BIT_ENCODING_HEADER =
            T.bool("detect_8bit_encoding_header", true);

    /// Parts of messages are not told apart: all behind a message's own header is lines, for
    /// body_checks, and what strict_7bit_headers and its kin refuse is taken.
    ///
    /// Turn it on if body_checks shall see the header fields of attachments.
    ///
    ///     disable_mime_input_processing = yes
    public static final Param<Boolean> DISABLE_MIME_INPUT_PROCESSING =
            T.bool("disable_mime_input_processing", false);

    /// This many bytes of a boundary between parts count.
    ///
    /// There is hardly a reason to change it: the standard allows 70.
    ///
    ///     mime_boundary_length_limit = 200
    public static final Param<Long> MIME_BOUNDARY_LENGTH_LIMIT =
            T.number("mime_boundary_length_limit", 2048, 1, 1 << 20);

    /// A message with two more multiparts in one another than this is refused, 550 5.6.0, if parts are
    /// told apart: for mime_header_checks, nested_header_checks, body_checks or a strict_ parameter.
    ///
    /// Lower it to be rid of messages that are made to wear programs out.
    ///
    ///     mime_nesting_limit = 20
    public static final Param<Long> MIME_NESTING_LIMIT =
            T.number("mime_nesting_limit", 100, 1, 1 << 20);

    /// These tables are asked about each field of a message's header, and what they answer is done:
    /// see header_checks(5). Fields that begin with Content-, and MIME-Version, are for
    /// mime_header_checks.
    ///
    /// Use it to refuse, hold or mark what a pattern can find in one field; leave more to a filter.
    /// Tables of patterns (pcre, regexp) are meant.
    ///
    ///     header_checks = pcre:/etc/postino/header_checks
    public static final Param<List<String>> HEADER_CHECKS = T.list("header_checks", "");

    /// These tables are asked about each field that begins with Content-, MIME-Version, and all
    /// fields of the parts of a message.
    ///
    /// Set it apart from header_checks if its patterns are many: names of attached files, say.
    ///
    ///     mime_header_checks = pcre:/etc/postino/mime_header_checks
    public static final Param<List<String>> MIME_HEADER_CHECKS =
            T.list("mime_header_checks", "$header_checks");

    /// These tables are asked about each field in the header of a message that is attached to
    /// another.
    ///
    /// Leave it empty if patterns shall not meet mail that is forwarded as an attachment.
    ///
    ///     nested_header_checks =
    public static final Param<List<String>> NESTED_HEADER_CHECKS =
            T.list("nested_header_checks", "$header_checks");

    /// These tables are asked about each line of the body, as it stands there: base64 is not decoded.
    ///
    /// Use it for a pattern against a flood of the day; each line of all mail is looked up.
    ///
    ///     body_checks = pcre:/etc/postino/body_checks
    public static final Param<List<String>> BODY_CHECKS = T.list("body_checks", "");

    /// body_checks look at this many bytes of each part of a message, headers not counted.
    ///
    /// Raise it if what is looked for comes late; it costs time for each large attachment.
    ///
    ///     body_checks_size_limit = 102400
    public static final Param<Long> BODY_CHECKS_SIZE_LIMIT =
            T.number("body_checks_size_limit", 51200, 0);

    /// These tables are asked about each field that a milter puts into a message or changes, and
    /// what they answer is done: see header_checks(5).
    ///
    /// Use it to act upon what a milter has found: to hold what it marks as spam, say.
    ///
    ///     milter_header_checks = pcre:/etc/postino/milter_header_checks
    public static final Param<List<String>> MILTER_HEADER_CHECKS =
            T.list("milter_header_checks", "");

    /// Mail of these kinds, which the suite itself makes, is looked at by non_smtpd_milters, header_checks
    /// and body_checks as if somebody had sent it: bounce for reports about mail that was not delivered, notify for those to the postmaster.
    ///
    /// Set it to bounce to have such reports signed; a milter or table that refuses one loses it.
    ///
    ///     internal_mail_filter_classes = bounce
    public static final Param<List<String>> INTERNAL_MAIL_FILTER_CLASSES =
            T.list("internal_mail_filter_classes", "", new Classes());

    /// All of the above.
    public static final ParamTable ALL = T.table();

    private CleanupParams() {}

    /// Finds words that are no kind of mail.
    private static final class Classes implements ParamType.Words {
        @Override
        public void check(List<String> items, Expander.Values others) throws ValueException {
            for (String item : items) {
                if (!item.equals("bounce") && !item.equals("notify")) {
                    throw new ValueException(
                            "has no kind \"" + item + "\"; there are bounce, notify");
                }
            }
        }
    }
}
