// SPDX-License-Identifier: Apache-2.0

package org.postino.milter;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.postino.message.NewField;
import org.postino.queue.MessageEdit;
import org.postino.smtp.Command;

/// The edits that one filter asks for at the end of one message. They wait for the filter's last word, so that one that fails in between
/// has changed nothing; a new body alone is too large for that, and goes on at once. Owned by the session's thread.
final class MilterEdits {
    /// The most edits of one filter, parts of a body aside.
    static final int MOST = 1000;

    /// The most bytes that edits may wait with.
    private static final int MOST_BYTES = 4 << 20;

    private final MilterMessage message;
    private final boolean keepsBlank;
    private final long bodyLimit;
    private final List<Consumer<MilterMessage>> waiting = new ArrayList<>();
    private int bytes;
    private long bodyBytes;
    private boolean newBody;

    /// The filter wants a body that is too large for any message, and may go on with it for ever.
    static final class BodyTooBigException extends IOException {
        private static final long serialVersionUID = 1;

        BodyTooBigException(long limit) {
            super("a body of more than message_size_limit (" + limit + ") bytes");
        }
    }

    /// @param keepsBlank the filter writes the blank behind a field's colon itself
    /// @param bodyLimit the most bytes of a new body; 0 = any number
    MilterEdits(MilterMessage message, boolean keepsBlank, long bodyLimit) {
        this.message = message;
        this.keepsBlank = keepsBlank;
        this.bodyLimit = bodyLimit;
    }

    /// True if the filter has begun a new body: the message cannot go on as if it had not been asked.
    boolean hasNewBody() {
        return newBody;
    }

    /// Takes an edit; false if the packet is none.
    ///
    /// @throws IOException the edit makes no sense, or is one too many
    boolean take(MilterConnection.Packet packet) throws IOException {
        if (packet.type() == 'b') {
            body(packet.data());
            return true;
        }
        var in = new MilterFields(packet.data(), 0);
        Consumer<MilterMessage> edit =
                switch (packet.type()) {
                    case '+' -> recipient(in.text(), "");
                    case '2' -> recipient(in.text(), in.atEnd() ? "" : in.text());
                    case '-' -> removal(in.text());
                    case 'e' -> sender(in.text(), in.atEnd() ? "" : in.text());
                    case 'h' -> edit(new MessageEdit.AddField(field(in.text(), in.text())));
                    case 'i' -> insertion(in);
                    case 'm' -> change(in);
                    case 'q' -> quarantine(in.text());
                    default -> null;
                };
        if (edit == null) {
            return false;
        }
        in.end();
        bytes += packet.data().length;
        if (waiting.size() == MOST || bytes > MOST_BYTES) {
            throw new IOException("too many edits of a message");
        }
        waiting.add(edit);
        return true;
    }

    /// Does what was asked for.
    void carryOut() {
        waiting.forEach(edit -> edit.accept(message));
    }

    private void body(byte[] part) throws BodyTooBigException {
        bodyBytes += part.length;
        if (bodyLimit > 0 && bodyBytes > bodyLimit) {
            throw new BodyTooBigException(bodyLimit);
        }
        if (!newBody) {
            newBody = true;
            message.edit(new MessageEdit.NewBody());
        }
        message.edit(new MessageEdit.BodyPart(part));
    }

    private Consumer<MilterMessage> edit(MessageEdit edit) {
        return m -> m.edit(new MessageEdit.OfMilter(edit));
    }

    private static Consumer<MilterMessage> quarantine(String reason) {
        return m -> m.quarantine(reason);
    }

    private Consumer<MilterMessage> insertion(MilterFields in) throws IOException {
        int index = in.number();
        if (index < 0) {
            throw new IOException("a negative index of a header field");
        }
        return edit(new MessageEdit.InsertField(index, field(in.text(), in.text())));
    }

    /// A filter does not see our own Received: and counts from the one behind it.
    private Consumer<MilterMessage> change(MilterFields in) throws IOException {
        int index = in.number();
        String name = in.text();
        String value = in.text();
        if (index < 0 || index == Integer.MAX_VALUE) {
            throw new IOException("a negative index of a header field");
        }
        int nth = Math.max(index, 1) + (name.equalsIgnoreCase("received") ? 1 : 0);
        return edit(
                value.isEmpty()
                        ? new MessageEdit.DeleteField(nth, field(name, "").name())
                        : new MessageEdit.ChangeField(nth, field(name, value)));
    }

    private NewField field(String name, String value) throws IOException {
        try {
            return new NewField(name, keepsBlank ? value : " " + value);
        } catch (IllegalArgumentException e) {
            throw new IOException("a bad name of a header field", e);
        }
    }

    private static Consumer<MilterMessage> recipient(String address, String parameters)
            throws IOException {
        if (command("RCPT TO:", address, parameters) instanceof Command.Rcpt rcpt) {
            return m -> m.addRecipient(rcpt.recipient(), rcpt.parameters());
        }
        throw new IOException("a bad recipient");
    }

    private static Consumer<MilterMessage> removal(String address) throws IOException {
        if (command("RCPT TO:", address, "") instanceof Command.Rcpt rcpt) {
            return m -> m.removeRecipient(rcpt.recipient());
        }
        throw new IOException("a bad recipient");
    }

    private static Consumer<MilterMessage> sender(String address, String parameters)
            throws IOException {
        if (command("MAIL FROM:", address, parameters) instanceof Command.Mail mail) {
            return m -> m.changeSender(mail.sender(), mail.parameters());
        }
        throw new IOException("a bad sender");
    }

    /// Reads an address, in `<>` or without, as the command that a client would send.
    private static Command command(String start, String address, String parameters) {
        boolean bare = !address.startsWith("<");
        String line =
                start
                        + (bare ? "<" + address + ">" : address)
                        + (parameters.isBlank() ? "" : " " + parameters.strip());
        return Command.parse(line.getBytes(StandardCharsets.ISO_8859_1), false);
    }
}
