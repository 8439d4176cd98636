// SPDX-License-Identifier: Apache-2.0

package org.postino.postmail;

import java.io.IOException;
import java.util.List;
import org.postino.imap.MessageReader;
import org.postino.mailstore.MailStoreException;
import org.postino.mailstore.Mailbox;

/// `index`: reads what is not known yet of messages, so that clients are answered from the cache, and has indexer(8) read their texts.
///
/// @param masks of the mailboxes
record IndexFill(List<String> masks) implements PostmailCommand.Work {
    static IndexFill of(Options options) throws PostmailFailure {
        return new IndexFill(options.operands(1));
    }

    @Override
    public void run(Visit visit) throws IOException {
        List<String> names = visit.masked(masks);
        visit.missing(masks, names);
        for (String name : names) {
            try (Mailbox mailbox = visit.store().open(name, true)) {
                visit.store()
                        .together(() -> {
                            fill(visit, mailbox);
                            return true;
                        });
                visit.texts().index(visit.user(), mailbox.name());
            } catch (IOException e) {
                visit.failed(name, e);
            }
        }
    }

    private static void fill(Visit visit, Mailbox mailbox) throws IOException {
        for (int i = 1; i <= mailbox.size(); i++) {
            visit.results().progress().step("indexing " + mailbox.name(), i, mailbox.size());
            long uid = mailbox.uid(i);
            try (var reader = new MessageReader(mailbox, uid)) {
                reader.envelope();
                reader.bodyStructure();
                reader.preview();
                reader.remember();
                mailbox.size(uid);
                mailbox.internalDate(uid);
            } catch (MailStoreException e) {
                if (e.problem() != MailStoreException.Problem.EXPUNGED) {
                    throw e;
                }
            } catch (IOException e) {
                visit.failed(mailbox.name() + " uid " + uid, e);
            }
        }
    }
}
