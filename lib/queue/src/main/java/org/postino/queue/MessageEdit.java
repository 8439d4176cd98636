// SPDX-License-Identifier: Apache-2.0

package org.postino.queue;

import java.util.Arrays;
import org.postino.ipc.FieldReader;
import org.postino.ipc.FieldWriter;
import org.postino.ipc.ProtocolException;
import org.postino.message.NewField;

/// A change to a message whose content cleanup has seen, as milters and signers ask for it.
///
/// Edits are done in the order in which they come, each to the message as the earlier ones have left it. Positions and counts include
/// every field of the message at that time: those that smtpd put in front, Received: among them, and those that cleanup added.
public sealed interface MessageEdit {
    /// The longest part of a new body in one edit, in bytes.
    int LONGEST_PART = 1 << 20;

    /// Puts a field before the one at a position, or behind all if there are fewer (`SMFIR_INSHEADER`).
    ///
    /// @param position 0 for the front of the message
    record InsertField(int position, NewField field) implements MessageEdit {
        public InsertField {
            atLeast(0, position);
        }
    }

    /// Puts a field behind all others (`SMFIR_ADDHEADER`).
    record AddField(NewField field) implements MessageEdit {}

    /// Replaces the field with its name, in any case; puts it behind all others if there are fewer of that name
    /// (`SMFIR_CHGHEADER`).
    ///
    /// @param nth 1 for the first of that name
    record ChangeField(int nth, NewField field) implements MessageEdit {
        public ChangeField {
            atLeast(1, nth);
        }
    }

    /// Removes a field; nothing happens if there are fewer of that name (`SMFIR_CHGHEADER` without a value).
    ///
    /// @param nth 1 for the first of that name
    /// @param name in any case
    record DeleteField(int nth, String name) implements MessageEdit {
        public DeleteField {
            atLeast(1, nth);
        }
    }

    /// Removes the body; [BodyPart]s that follow are the new one.
    record NewBody() implements MessageEdit {}

    /// Adds to the end of a new body (`SMFIR_REPLBODY`). Other edits may come between two parts. Line ends become CRLF.
    ///
    /// @param bytes at most [#LONGEST_PART]
    @SuppressWarnings("ArrayRecordComponent") // a carrier from one end of a socket to the other
    record BodyPart(byte[] bytes) implements MessageEdit {
        public BodyPart {
            if (bytes.length > LONGEST_PART) {
                throw new IllegalArgumentException("a part of " + bytes.length + " bytes");
            }
        }
    }

    /// A change that a milter asks for: `milter_header_checks` has a say about the field that it brings.
    record OfMilter(MessageEdit edit) implements MessageEdit {
        public OfMilter {
            if (edit instanceof OfMilter) {
                throw new IllegalArgumentException("an edit of a milter's edit");
            }
        }
    }

    /// Puts a field in front of the message.
    static MessageEdit prepend(NewField field) {
        return new InsertField(0, field);
    }

    private static void atLeast(int least, int number) {
        if (number < least) {
            throw new IllegalArgumentException(number + " is less than " + least);
        }
    }

    /// The edit as the data of a record on cleanup's socket.
    default byte[] toBytes() {
        var data = new FieldWriter();
        switch (this) {
            case InsertField(int position, NewField field) ->
                    field(data.raw('I').number(position), field);
            case AddField(NewField field) -> field(data.raw('A'), field);
            case ChangeField(int nth, NewField field) -> field(data.raw('C').number(nth), field);
            case DeleteField(int nth, String name) -> data.raw('D').number(nth).text(name);
            case NewBody() -> data.raw('N');
            case BodyPart(byte[] bytes) -> data.raw('B').raw(bytes);
            case OfMilter(MessageEdit edit) -> data.raw('M').raw(edit.toBytes());
        }
        return data.toBytes();
    }

    private static void field(FieldWriter data, NewField field) {
        data.text(field.name()).text(field.text());
    }

    /// Reads the data of a record.
    ///
    /// @throws ProtocolException it is no edit
    static MessageEdit parse(byte[] data) throws ProtocolException {
        try {
            var in = new FieldReader(data);
            int kind = in.raw();
            MessageEdit edit =
                    switch (kind) {
                        case 'I' -> new InsertField(count(in), field(in));
                        case 'A' -> new AddField(field(in));
                        case 'C' -> new ChangeField(count(in), field(in));
                        case 'D' -> new DeleteField(count(in), in.text());
                        case 'N' -> new NewBody();
                        case 'B' -> new BodyPart(Arrays.copyOfRange(data, 1, data.length));
                        case 'M' -> ofMilter(Arrays.copyOfRange(data, 1, data.length));
                        default -> throw new ProtocolException("unknown edit " + kind);
                    };
            if (kind != 'B' && kind != 'M' && !in.atEnd()) {
                throw new ProtocolException("malformed edit");
            }
            return edit;
        } catch (IllegalArgumentException e) {
            throw new ProtocolException("malformed edit: " + e.getMessage());
        }
    }

    /// Looks before it reads, so that nobody has it called again and again.
    private static MessageEdit ofMilter(byte[] data) throws ProtocolException {
        if (data.length > 0 && data[0] == 'M') {
            throw new ProtocolException("an edit of a milter's edit");
        }
        return new OfMilter(parse(data));
    }

    private static int count(FieldReader in) throws ProtocolException {
        return (int) Math.min(Integer.MAX_VALUE, in.number());
    }

    private static NewField field(FieldReader in) throws ProtocolException {
        return new NewField(in.text(), in.text());
    }
}
