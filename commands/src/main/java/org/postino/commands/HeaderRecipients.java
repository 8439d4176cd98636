// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.postino.message.AddressList;

/// Collects the recipients that a message's header names, line by line: `sendmail -t`.
///
/// If there are Resent- recipients, those alone count (RFC 5322, 3.6.6).
final class HeaderRecipients {
    private static final int LONGEST_FIELD = 1 << 20;

    /// A field of recipients is too long to be read.
    static final class TooLongException extends IOException {
        TooLongException(String name) {
            super("message header field " + name + " is too long");
        }
    }

    private final Consumer<String> leftOut;
    private final List<String> recipients = new ArrayList<>();
    private final List<String> resent = new ArrayList<>();
    private final StringBuilder field = new StringBuilder();
    private boolean ended;

    /// @param leftOut hears of what looks like an address and is not taken
    HeaderRecipients(Consumer<String> leftOut) {
        this.leftOut = leftOut;
    }

    /// Takes a line, with or without its end; nothing after the header counts.
    ///
    /// @throws TooLongException the field has recipients that cannot be taken
    void line(String line) throws TooLongException {
        if (ended) {
            return;
        }
        String text = line.stripTrailing();
        boolean continues =
                !field.isEmpty()
                        && !text.isEmpty()
                        && (line.charAt(0) == ' ' || line.charAt(0) == '\t');
        if (continues) {
            append(text);
            return;
        }
        take();
        if (isField(text)) {
            field.append(text);
        } else {
            ended = true;
        }
    }

    private void append(String text) throws TooLongException {
        if (field.length() + text.length() < LONGEST_FIELD) {
            field.append(text);
        } else if (kindOf(name()) != Kind.OTHER) {
            throw new TooLongException(name());
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
        switch (kindOf(name())) {
            case RECIPIENTS -> recipients.addAll(addresses());
            case RESENT -> resent.addAll(addresses());
            case OTHER -> {}
        }
        field.setLength(0);
    }

    private enum Kind {
        RECIPIENTS,
        RESENT,
        OTHER
    }

    private static Kind kindOf(String name) {
        return switch (name) {
            case "to", "cc", "bcc" -> Kind.RECIPIENTS;
            case "resent-to", "resent-cc", "resent-bcc" -> Kind.RESENT;
            default -> Kind.OTHER;
        };
    }

    private String name() {
        int colon = Math.max(0, field.indexOf(":"));
        return field.substring(0, colon).strip().toLowerCase(Locale.ROOT);
    }

    private List<String> addresses() {
        var list = AddressList.parse(field.substring(field.indexOf(":") + 1));
        list.leftOut().forEach(leftOut);
        return list.addresses();
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
