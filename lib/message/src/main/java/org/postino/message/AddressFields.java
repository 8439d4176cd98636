// SPDX-License-Identifier: Apache-2.0

package org.postino.message;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The header fields that name senders and recipients, as programs rewrite them on a message's way.
public final class AddressFields {
    private static final Set<String> SENDERS =
            Set.of(
                    "from",
                    "sender",
                    "reply-to",
                    "errors-to",
                    "return-receipt-to",
                    "disposition-notification-to",
                    "resent-from",
                    "resent-sender",
                    "resent-reply-to");
    private static final Set<String> RECIPIENTS =
            Set.of("to", "cc", "bcc", "apparently-to", "resent-to", "resent-cc", "resent-bcc");

    private AddressFields() {}

    /// True if a field of that name, in lower case, names senders.
    public static boolean isSender(String name) {
        return SENDERS.contains(name);
    }

    /// True if a field of that name, in lower case, names recipients.
    public static boolean isRecipient(String name) {
        return RECIPIENTS.contains(name);
    }

    /// Returns the bytes of a field with other addresses; null if none changes.
    public static <E extends Exception> byte @Nullable [] replaced(
            HeaderField field, AddressList.Change<E> change) throws E {
        return replaced(field, Integer.MAX_VALUE, change);
    }

    /// Returns the bytes of a field with other addresses, without those that begin or end behind a number of words and signs; null
    /// if none of the others changes.
    ///
    /// @param most comments and blanks do not count
    public static <E extends Exception> byte @Nullable [] replaced(
            HeaderField field, int most, AddressList.Change<E> change) throws E {
        String raw = field.raw();
        // The line end stays outside: an address that nothing closes takes all that follows for its
        // own.
        String value = raw.substring(0, lineEnd(raw));
        String kept = AddressList.head(value, most);
        String changed = AddressList.replaced(kept, change);
        if (changed.equals(kept)) {
            return null;
        }
        var out = new ByteArrayOutputStream(field.length() + 64);
        out.write(field.bytes(), field.from(), field.valueStart() - field.from());
        out.writeBytes(
                (changed + raw.substring(value.length())).getBytes(StandardCharsets.ISO_8859_1));
        return out.toByteArray();
    }

    /// The index at which the line end of a text begins; its length if it has none.
    private static int lineEnd(String text) {
        int end = text.length();
        end -= end > 0 && text.charAt(end - 1) == '\n' ? 1 : 0;
        end -= end > 0 && text.charAt(end - 1) == '\r' ? 1 : 0;
        return end;
    }
}
