// SPDX-License-Identifier: Apache-2.0

package org.postino.pop3d;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.postino.mailstore.MailStoreException;
import org.postino.mailstore.Mailbox;
import org.postino.mailstore.SavedUidl;

/// The unique ids of the messages of a maildrop (RFC 1939, 7): as an earlier server left them, else from the field X-UIDL if that is
/// wanted, else as [UidlFormat] makes them.
final class Uidls {
    /// The longest unique id that RFC 1939 allows.
    private static final int LONGEST = 70;

    private static final String FIELD = "X-UIDL:";

    private final Mailbox mailbox;
    private final UidlFormat format;
    private final boolean reuseField;
    private final Map<Long, SavedUidl> saved;
    private final Map<Long, String> fromFields = new HashMap<>();

    /// @throws IOException the format names what the messages of this mailbox do not have
    Uidls(Mailbox mailbox, UidlFormat format, boolean reuseField) throws IOException {
        if (!format.fits(mailbox)) {
            throw new IOException("the messages of an mbox have no names for pop3_uidl_format");
        }
        this.mailbox = mailbox;
        this.format = format;
        this.reuseField = reuseField;
        this.saved = mailbox.savedUidls();
    }

    /// Returns the place that an earlier server gave a message; [SavedUidl#UNORDERED] if it gave none.
    long order(long uid) {
        return saved(uid).order();
    }

    /// True if any message was given a place.
    boolean ordered() {
        return saved.values().stream().anyMatch(s -> s.order() != SavedUidl.UNORDERED);
    }

    /// Returns the unique id of a message.
    String of(long uid) throws IOException {
        String there = saved(uid).uidl();
        if (there.isEmpty() && reuseField) {
            there = fromField(uid);
        }
        return there.isEmpty()
                ? format.print(uid, mailbox.uidValidity(), mailbox.fileName(uid), saved(uid))
                : there;
    }

    private SavedUidl saved(long uid) {
        return saved.getOrDefault(uid, SavedUidl.NOTHING);
    }

    private String fromField(long uid) throws IOException {
        String known = fromFields.get(uid);
        if (known == null) {
            known = field(uid);
            fromFields.put(uid, known);
        }
        return known;
    }

    /// The first X-UIDL field of a message; empty if it has none, or one that no client could be told.
    private String field(long uid) throws IOException {
        String header;
        try (var message = mailbox.read(uid)) {
            header = new String(message.header(), StandardCharsets.ISO_8859_1);
        } catch (MailStoreException e) {
            if (e.problem() != MailStoreException.Problem.EXPUNGED) {
                throw e;
            }
            return "";
        }
        for (String line : header.split("\r\n")) {
            if (line.regionMatches(true, 0, FIELD, 0, FIELD.length())) {
                String value = line.substring(FIELD.length()).strip();
                boolean usable =
                        value.length() <= LONGEST
                                && value.chars().allMatch(c -> c >= 0x21 && c <= 0x7e);
                return usable ? value : "";
            }
        }
        return "";
    }
}
