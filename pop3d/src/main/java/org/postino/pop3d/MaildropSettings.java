// SPDX-License-Identifier: Apache-2.0

package org.postino.pop3d;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postino.config.Config;
import org.postino.mailstore.Flags;
import org.postino.server.FatalException;
import org.postino.suite.Pop3dParams;

/// The settings in main.cf for what a client does with a maildrop, read once.
///
/// @param lock one session at a time
/// @param flagUpdates whether a message that was fetched counts as seen
/// @param fastSizes sizes of files where nobody has counted
/// @param reuseXuidl the field X-UIDL is the unique id
/// @param hidden messages with this keyword are not shown; null for none
/// @param expunge whether deleted messages are removed; if not, they get that keyword
record MaildropSettings(
        boolean lock,
        boolean flagUpdates,
        boolean fastSizes,
        boolean reuseXuidl,
        @Nullable String hidden,
        boolean expunge,
        UidlFormat uidl) {

    static MaildropSettings of(Config config) {
        String hidden = config.get(Pop3dParams.POP3_DELETED_FLAG);
        return new MaildropSettings(
                config.get(Pop3dParams.POP3_LOCK_SESSION),
                !config.get(Pop3dParams.POP3_NO_FLAG_UPDATES),
                config.get(Pop3dParams.POP3_FAST_SIZE_LOOKUPS),
                config.get(Pop3dParams.POP3_REUSE_XUIDL),
                keyword(hidden),
                expunges(config.get(Pop3dParams.POP3_DELETE_TYPE), hidden),
                UidlFormat.of(config.get(Pop3dParams.POP3_UIDL_FORMAT)));
    }

    private static @Nullable String keyword(String hidden) {
        if (hidden.isEmpty()) {
            return null;
        }
        boolean keyword =
                Flags.parse(List.of(hidden)).filter(f -> !f.keywords().isEmpty()).isPresent();
        if (!keyword) {
            throw new FatalException(
                    "parameter pop3_deleted_flag: \"" + hidden + "\" is no keyword");
        }
        return hidden;
    }

    private static boolean expunges(String type, String hidden) {
        if (type.equals("flag") && hidden.isEmpty()) {
            throw new FatalException(
                    "parameter pop3_delete_type: flag wants a keyword in pop3_deleted_flag");
        }
        return type.equals("expunge") || (type.equals("default") && hidden.isEmpty());
    }

    /// The keyword of deleted messages, as flags; none if they are removed.
    Flags deletedFlags() {
        return hidden == null ? Flags.NONE : Flags.parse(List.of(hidden)).orElse(Flags.NONE);
    }
}
