// SPDX-License-Identifier: Apache-2.0

package org.postino.mailstore;

/// Words about one message that a line of `dovecot-uidlist` has between UID and name: how POP3 clients of an earlier server know it.
///
/// @param uidl its unique id there (`P`); empty if none was saved
/// @param order its place there (`O`), from 1; [#UNORDERED] if none was saved
/// @param guid its identifier (`G`) where that is not the name of its file; empty if none was saved
public record SavedUidl(String uidl, long order, String guid) {
    /// The place behind all others.
    public static final long UNORDERED = Long.MAX_VALUE;

    /// Nothing was saved.
    public static final SavedUidl NOTHING = new SavedUidl("", UNORDERED, "");

    /// Reads the fields of a line, each a letter and its value, with a blank behind it. What no client could be told counts as not saved.
    static SavedUidl parse(String fields) {
        if (fields.isEmpty()) {
            return NOTHING;
        }
        String uidl = "";
        String guid = "";
        long order = UNORDERED;
        for (String field : fields.split(" ", -1)) {
            if (field.length() < 2) {
                continue;
            }
            String value = field.substring(1);
            switch (field.charAt(0)) {
                case 'P' -> uidl = printable(value);
                case 'G' -> guid = printable(value);
                case 'O' -> order = number(value);
                default -> {}
            }
        }
        return uidl.isEmpty() && guid.isEmpty() && order == UNORDERED
                ? NOTHING
                : new SavedUidl(uidl, order, guid);
    }

    /// The value, or nothing if it has other than the characters of RFC 1939, 7.
    private static String printable(String value) {
        return value.chars().allMatch(c -> c >= 0x21 && c <= 0x7e) ? value : "";
    }

    private static long number(String value) {
        boolean digits = value.length() <= 10 && value.chars().allMatch(c -> c >= '0' && c <= '9');
        long order = digits ? Long.parseLong(value) : 0;
        return order == 0 ? UNORDERED : order;
    }
}
