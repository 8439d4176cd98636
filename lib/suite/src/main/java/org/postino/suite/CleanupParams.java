// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.util.List;
import org.postino.config.Param;
import org.postino.config.ParamTable;

/// Parameters of cleanup(8).
public final class CleanupParams {
    private static final ParamTable.Builder T = ParamTable.declare();

    public static final Param<Boolean> ALWAYS_ADD_MISSING_HEADERS =
            T.bool(
                    "always_add_missing_headers",
                    false,
                    "Add missing header fields to mail from other systems too.");
    public static final Param<String> UNDISCLOSED_RECIPIENTS_HEADER =
            T.text(
                    "undisclosed_recipients_header",
                    "",
                    "The field added to a message that names no recipient; empty: none.");
    public static final Param<Boolean> ENABLE_ORIGINAL_RECIPIENT =
            T.bool(
                    "enable_original_recipient",
                    true,
                    "Record the original recipient, and tell recipients apart by it.");
    public static final Param<List<String>> CANONICAL_MAPS =
            T.list("canonical_maps", "", "Tables that rewrite addresses in envelope and header.");
    public static final Param<List<String>> CANONICAL_CLASSES =
            T.list(
                    "canonical_classes",
                    "envelope_sender, envelope_recipient, header_sender, header_recipient",
                    "The addresses that canonical_maps rewrite.");
    public static final Param<List<String>> SENDER_CANONICAL_MAPS =
            T.list("sender_canonical_maps", "", "Tables that rewrite sender addresses.");
    public static final Param<List<String>> SENDER_CANONICAL_CLASSES =
            T.list(
                    "sender_canonical_classes",
                    "envelope_sender, header_sender",
                    "The addresses that sender_canonical_maps rewrite.");
    public static final Param<List<String>> RECIPIENT_CANONICAL_MAPS =
            T.list("recipient_canonical_maps", "", "Tables that rewrite recipient addresses.");
    public static final Param<List<String>> RECIPIENT_CANONICAL_CLASSES =
            T.list(
                    "recipient_canonical_classes",
                    "envelope_recipient, header_recipient",
                    "The addresses that recipient_canonical_maps rewrite.");
    public static final Param<Long> VIRTUAL_ALIAS_RECURSION_LIMIT =
            T.number(
                    "virtual_alias_recursion_limit",
                    1000,
                    1,
                    "How often a virtual alias may lead to another.");
    public static final Param<Long> VIRTUAL_ALIAS_EXPANSION_LIMIT =
            T.number(
                    "virtual_alias_expansion_limit",
                    1000,
                    1,
                    "How many addresses virtual aliases may make of one.");
    public static final Param<Long> VIRTUAL_ALIAS_ADDRESS_LENGTH_LIMIT =
            T.number(
                    "virtual_alias_address_length_limit",
                    1000,
                    1,
                    "The longest address that virtual aliases may make.");
    public static final Param<String> ALWAYS_BCC =
            T.text("always_bcc", "", "An address that receives a copy of every message.");
    public static final Param<List<String>> SENDER_BCC_MAPS =
            T.list("sender_bcc_maps", "", "Tables that give an address for copies by sender.");
    public static final Param<List<String>> RECIPIENT_BCC_MAPS =
            T.list(
                    "recipient_bcc_maps",
                    "",
                    "Tables that give an address for copies by recipient.");
    public static final Param<List<String>> MESSAGE_DROP_HEADERS =
            T.list(
                    "message_drop_headers",
                    "bcc, content-length, resent-bcc, return-path",
                    "The header fields that are removed from every message.");
    public static final Param<Long> DUPLICATE_FILTER_LIMIT =
            T.number(
                    "duplicate_filter_limit",
                    1000,
                    0,
                    "How many recipients of a message are remembered to tell duplicates; 0: all.");

    public static final Param<List<String>> SMTPUTF8_AUTODETECT_CLASSES =
            T.list(
                    "smtputf8_autodetect_classes",
                    "sendmail, verify",
                    "Where messages come from whose header fields in UTF-8 ask for SMTPUTF8 although nobody said so: sendmail, smtpd, bounce, all.");

    /// All of the above.
    public static final ParamTable ALL = T.table();

    private CleanupParams() {}
}
