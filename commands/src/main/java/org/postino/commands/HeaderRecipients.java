// SPDX-License-Identifier: Apache-2.0

package org.postino.commands;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.postino.message.AddressList;
import org.postino.message.HeaderField;
import org.postino.message.HeaderReader;

/// Collects the recipients that a message's header names: `sendmail -t`.
///
/// If there are Resent- recipients, those alone count (RFC 5322, 3.6.6).
final class HeaderRecipients implements HeaderReader.Sink {
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
    private final HeaderReader reader = new HeaderReader(LONGEST_FIELD, this);

    /// @param leftOut gets each text that looks like an address but is not taken
    HeaderRecipients(Consumer<String> leftOut) {
        this.leftOut = leftOut;
    }

    /// Takes the next piece of the message. Nothing after the header counts.
    ///
    /// @throws TooLongException a field has recipients that cannot be taken
    void content(byte[] bytes) throws IOException {
        reader.feed(bytes, 0, bytes.length);
    }

    boolean ended() {
        return reader.done();
    }

    /// Returns the recipients, once the message has ended.
    ///
    /// @throws TooLongException a field has recipients that cannot be taken
    List<String> recipients() throws IOException {
        reader.finish();
        return resent.isEmpty() ? recipients : resent;
    }

    @Override
    public void field(HeaderField field) throws TooLongException {
        String name = field.name();
        switch (kindOf(name)) {
            case RECIPIENTS -> add(field, name, recipients);
            case RESENT -> add(field, name, resent);
            case OTHER -> {}
        }
    }

    private void add(HeaderField field, String name, List<String> to) throws TooLongException {
        if (field.isCut()) {
            throw new TooLongException(name);
        }
        var list = AddressList.parse(field.value(StandardCharsets.UTF_8));
        list.leftOut().forEach(leftOut);
        to.addAll(list.addresses());
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
}
