// SPDX-License-Identifier: Apache-2.0

package org.postino.imap;

import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.postino.mailstore.Mailbox;
import org.postino.message.BaseSubject;
import org.postino.message.EncodedWords;
import org.postino.message.HeaderBlock;
import org.postino.message.MailDate;
import org.postino.message.NamedAddress;

/// The properties of messages by which they are sorted and threaded (RFC 5256, 2 and 3; RFC 5957, 3).
public final class MessageSortKeys {
    /// Texts beyond this are cut: so 100,000 messages with long fields stay small.
    private static final int LONGEST = 1000;

    private MessageSortKeys() {}

    /// The moment of the Date field in seconds; the internal date of a message without.
    public static long sent(Mailbox mailbox, long uid, HeaderBlock header) throws IOException {
        var date = header.first("Date");
        var sent = date == null ? OptionalLong.empty() : MailDate.parse(date);
        return sent.isPresent() ? sent.getAsLong() : mailbox.internalDate(uid).getEpochSecond();
    }

    public static BaseSubject subject(HeaderBlock header) {
        var subject = header.last("Subject");
        return BaseSubject.of(subject == null ? "" : subject);
    }

    /// The local part of the first address; of a group, its name.
    static String localPart(HeaderBlock header, String field) {
        var address = first(header, field);
        return address == null ? "" : decoded(address.localPart());
    }

    /// The name that a list of messages shows for the first address, or the address.
    static String display(HeaderBlock header, String field) {
        var address = first(header, field);
        if (address == null) {
            return "";
        }
        var name = decoded(address.name()).strip();
        if (!name.isEmpty()) {
            return name;
        }
        var local = decoded(address.localPart());
        return address.domain() == null ? local : local + "@" + decoded(address.domain());
    }

    private static @Nullable NamedAddress first(HeaderBlock header, String field) {
        for (var found : header.fields()) {
            List<NamedAddress> addresses =
                    found.name().equalsIgnoreCase(field)
                            ? NamedAddress.parse(found.value())
                            : List.of();
            if (!addresses.isEmpty()) {
                return addresses.getFirst();
            }
        }
        return null;
    }

    private static String decoded(@Nullable String text) {
        return text == null ? "" : EncodedWords.decode(text);
    }

    /// A text as [Casemap#compare] wants it.
    public static String fold(String text) {
        var folded = Casemap.fold(cut(text));
        return cut(folded);
    }

    private static String cut(String text) {
        return text.length() > LONGEST ? text.substring(0, LONGEST) : text;
    }
}
