// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.postino.global.address.AddressList;

/// Collects the recipients that a message's header names, line by line: `sendmail -t`.
///
/// If there are Resent- recipients, those alone count (RFC 5322, 3.6.6).
final class HeaderRecipients {
    private static final int LONGEST_FIELD = 1 << 20;

    private final List<String> recipients = new ArrayList<>();
    private final List<String> resent = new ArrayList<>();
    private final StringBuilder field = new StringBuilder();
    private boolean ended;

    /// Takes a line, with or without its end; nothing after the header counts.
    void line(String line) {
        if (ended) {
            return;
        }
        String text = line.stripTrailing();
        boolean continues =
                !field.isEmpty()
                        && !text.isEmpty()
                        && (line.charAt(0) == ' ' || line.charAt(0) == '\t');
        if (continues) {
            if (field.length() + text.length() < LONGEST_FIELD) {
                field.append(text);
            }
            return;
        }
        take();
        if (isField(text)) {
            field.append(text);
        } else {
            ended = true;
        }
    }

    boolean ended() {
        return ended;
    }

    List<String> recipients() {
        take();
        return resent.isEmpty() ? recipients : resent;
    }

    private void take() {
        int colon = field.indexOf(":");
        if (colon > 0) {
            String value = field.substring(colon + 1);
            switch (field.substring(0, colon).strip().toLowerCase(Locale.ROOT)) {
                case "to", "cc", "bcc" -> recipients.addAll(AddressList.addresses(value));
                case "resent-to", "resent-cc", "resent-bcc" ->
                        resent.addAll(AddressList.addresses(value));
                default -> {}
            }
        }
        field.setLength(0);
    }

    private static boolean isField(String text) {
        int colon = text.indexOf(':');
        if (colon <= 0) {
            return false;
        }
        String name = text.substring(0, colon).stripTrailing();
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) <= ' ' || name.charAt(i) > 126) {
                return false;
            }
        }
        return !name.isEmpty();
    }
}
