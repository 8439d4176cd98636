// SPDX-License-Identifier: Apache-2.0

package org.postino.cleanup;

import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.postino.config.Config;
import org.postino.config.MainParams;
import org.postino.suite.CleanupParams;

/// The settings of cleanup, read from main.cf once.
///
/// @param inspectedClasses of our own mail: it is looked at as that of others
/// @param utf8Classes of mail in which UTF-8 counts though nobody spoke of it
/// @param detectsEightBit octets above 127 count though nobody spoke of them
/// @param replacesStrayEnds a CR or LF that is no end of a line becomes a space
/// @param oldFromFormat a From field that is made has the name in parentheses behind the address
/// @param addressTokens the words and signs of a field that is rewritten; addresses behind them are left out
/// @param headerEnd what becomes of a header without an empty line behind it: fix_quietly, add_header, reject
/// @param requireTlsField a field stands for REQUIRETLS
/// @param converts parts of 8 bit become quoted-printable
/// @param dropHeaders lower-case names of fields to remove
record CleanupSettings(
        String myhostname,
        String delimiter,
        long messageSizeLimit,
        int headerSizeLimit,
        long hopLimit,
        boolean alwaysAddMissing,
        String undisclosedField,
        boolean originalRecipient,
        Set<String> dropHeaders,
        long duplicateLimit,
        long virtualRecursionLimit,
        long virtualExpansionLimit,
        long virtualLengthLimit,
        String alwaysBcc,
        long minimumFree,
        List<String> utf8Classes,
        boolean detectsEightBit,
        boolean replacesStrayEnds,
        CharacterRules characters,
        boolean oldFromFormat,
        int addressTokens,
        String headerEnd,
        boolean requireTlsField,
        boolean converts,
        Set<String> inspectedClasses,
        ZoneId zone) {

    static CleanupSettings of(Config c) {
        var drop = new HashSet<String>();
        for (String name : c.get(CleanupParams.MESSAGE_DROP_HEADERS)) {
            drop.add(name.toLowerCase(Locale.ROOT));
        }
        return new CleanupSettings(
                c.get(MainParams.MYHOSTNAME),
                c.get(MainParams.RECIPIENT_DELIMITER),
                c.get(MainParams.MESSAGE_SIZE_LIMIT),
                (int) Math.min(c.get(MainParams.HEADER_SIZE_LIMIT), 16L << 20),
                c.get(MainParams.HOPCOUNT_LIMIT),
                c.get(CleanupParams.ALWAYS_ADD_MISSING_HEADERS),
                c.get(CleanupParams.UNDISCLOSED_RECIPIENTS_HEADER),
                c.get(CleanupParams.ENABLE_ORIGINAL_RECIPIENT),
                Set.copyOf(drop),
                c.get(CleanupParams.DUPLICATE_FILTER_LIMIT),
                c.get(CleanupParams.VIRTUAL_ALIAS_RECURSION_LIMIT),
                c.get(CleanupParams.VIRTUAL_ALIAS_EXPANSION_LIMIT),
                c.get(CleanupParams.VIRTUAL_ALIAS_ADDRESS_LENGTH_LIMIT),
                c.get(CleanupParams.ALWAYS_BCC),
                c.get(MainParams.QUEUE_MINFREE),
                c.get(CleanupParams.SMTPUTF8_AUTODETECT_CLASSES),
                c.get(CleanupParams.DETECT_8BIT_ENCODING_HEADER),
                c.get(CleanupParams.CLEANUP_REPLACE_STRAY_CR_LF),
                new CharacterRules(
                        c.get(CleanupParams.MESSAGE_REJECT_CHARACTERS),
                        c.get(CleanupParams.MESSAGE_STRIP_CHARACTERS)),
                c.get(CleanupParams.HEADER_FROM_FORMAT).equals("obsolete"),
                (int) Math.min(c.get(CleanupParams.HEADER_ADDRESS_TOKEN_LIMIT), Integer.MAX_VALUE),
                c.get(CleanupParams.NON_EMPTY_END_OF_HEADER_ACTION),
                c.get(MainParams.REQUIRETLS_ENABLE) && c.get(MainParams.REQUIRETLS_ESMTP_HEADER),
                c.get(CleanupParams.FORCE_MIME_INPUT_CONVERSION),
                Set.copyOf(c.get(CleanupParams.INTERNAL_MAIL_FILTER_CLASSES)),
                ZoneId.systemDefault());
    }
}
