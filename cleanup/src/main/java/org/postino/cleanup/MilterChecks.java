// SPDX-License-Identifier: Apache-2.0

package org.postino.cleanup;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.postino.content.CheckTables;
import org.postino.content.ContentChecks;
import org.postino.content.LookupException;
import org.postino.message.HeaderField;
import org.postino.message.NewField;
import org.postino.queue.MessageEdit;

/// Asks `milter_header_checks` about the fields that milters bring. Owned by one thread.
final class MilterChecks {
    private final CheckTables.Named tables;
    private final CheckActions actions;

    MilterChecks(CheckTables.Named tables, CheckActions actions) {
        this.tables = tables;
        this.actions = actions;
    }

    /// True if there is such a table.
    boolean isWanted() {
        return !tables.isEmpty();
    }

    /// The edits in place of one: in most cases that one itself.
    ///
    /// @throws CheckActions.EndedException the message ends here
    /// @throws LookupException a table cannot be asked
    List<MessageEdit> allowed(MessageEdit edit) throws IOException {
        if (!(edit instanceof MessageEdit.OfMilter(MessageEdit wanted)) || tables.isEmpty()) {
            return List.of(edit);
        }
        return switch (wanted) {
            case MessageEdit.AddField(NewField f) ->
                    asked(f).stream().<MessageEdit>map(MessageEdit.AddField::new).toList();
            case MessageEdit.InsertField(int position, NewField f) ->
                    asked(f).reversed().stream()
                            .<MessageEdit>map(one -> new MessageEdit.InsertField(position, one))
                            .toList();
            case MessageEdit.ChangeField(int nth, NewField f) -> changes(nth, asked(f));
            case MessageEdit.DeleteField _, MessageEdit.NewBody _ -> List.of(wanted);
            case MessageEdit.BodyPart _, MessageEdit.OfMilter _ -> List.of(wanted);
        };
    }

    private static List<MessageEdit> changes(int nth, List<NewField> fields) {
        List<MessageEdit> edits = new ArrayList<>();
        for (int i = 0; i < fields.size(); i++) {
            boolean last = i == fields.size() - 1;
            edits.add(
                    last
                            ? new MessageEdit.ChangeField(nth, fields.get(i))
                            : new MessageEdit.AddField(fields.get(i)));
        }
        return edits;
    }

    /// The fields that stand in the place of one, in their order; none if it is not wanted.
    private List<NewField> asked(NewField field) throws IOException {
        byte[] bytes = field.bytes();
        List<NewField> fields = new ArrayList<>();
        for (byte[] one :
                ContentChecks.replaced(tables, actions, HeaderField.of(bytes, 0, bytes.length))) {
            fields.add(Arrays.equals(one, bytes) ? field : read(one));
        }
        return fields;
    }

    private static NewField read(byte[] bytes) {
        var field = HeaderField.of(bytes, 0, bytes.length);
        return new NewField(field.writtenName(), field.raw());
    }
}
