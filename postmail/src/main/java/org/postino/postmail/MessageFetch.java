// SPDX-License-Identifier: Apache-2.0

package org.postino.postmail;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.postino.imap.MessageReader;
import org.postino.mailstore.MailStoreException;
import org.postino.mailstore.Mailbox;

/// `fetch`: parts of the messages that a query finds.
record MessageFetch(List<FetchField> fields, MailQuery query) implements PostmailCommand.Work {
    static MessageFetch of(Options options) throws PostmailFailure {
        List<String> operands = options.operands(2);
        var fields = new ArrayList<FetchField>();
        for (String word : operands.getFirst().strip().split(" +", -1)) {
            fields.add(FetchField.of(word));
        }
        MailQuery query = MailQueryParser.parse(operands.subList(1, operands.size()));
        return new MessageFetch(fields, query);
    }

    @Override
    public List<Column> columns() {
        return fields.stream().map(FetchField::column).toList();
    }

    @Override
    public void run(Visit visit) throws IOException {
        new Finder(visit, query, true)
                .each((mailbox, uids) -> {
                    for (long uid : uids) {
                        row(visit, mailbox, uid);
                    }
                });
    }

    private void row(Visit visit, Mailbox mailbox, long uid) throws IOException {
        try (var reader = new MessageReader(mailbox, uid)) {
            var values = new ArrayList<Field>();
            for (FetchField field : fields) {
                values.add(field.value(new FetchField.Message(visit.user(), mailbox, uid, reader)));
            }
            visit.row(values);
            reader.remember();
        } catch (MailStoreException e) {
            if (e.problem() != MailStoreException.Problem.EXPUNGED) {
                throw e;
            }
        } catch (IOException e) {
            visit.failed(mailbox.name() + " uid " + uid, e);
        }
    }
}
