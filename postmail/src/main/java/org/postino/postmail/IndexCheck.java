// SPDX-License-Identifier: Apache-2.0

package org.postino.postmail;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.postino.mailstore.Finding;
import org.postino.mailstore.IndexRecord;
import org.postino.mailstore.MailboxCheck;

/// `check`: the files that the store keeps beside a mailbox, in which state they are, and what stands in the index.
///
/// @param masks none for all mailboxes
/// @param mend make anew what is damaged
/// @param print show the records of the index instead
record IndexCheck(List<String> masks, boolean mend, boolean print) implements PostmailCommand.Work {
    static IndexCheck of(Options options) {
        return new IndexCheck(options.operands(), options.has('m'), options.has('p'));
    }

    @Override
    public List<Column> columns() {
        return print
                ? List.of(
                        Column.text("mailbox"),
                        Column.number("uid"),
                        Column.number("modseq"),
                        Column.text("state"),
                        Column.number("date"),
                        Column.number("size"),
                        Column.text("file"))
                : List.of(
                        Column.text("mailbox"),
                        Column.text("file"),
                        Column.text("state"),
                        Column.text("detail"));
    }

    @Override
    public void run(Visit visit) throws IOException {
        List<String> names = visit.masked(masks.isEmpty() ? List.of("*") : masks);
        visit.missing(masks, names);
        int done = 0;
        for (String name : names) {
            visit.results().progress().step("checking", done++, names.size());
            try {
                look(visit, name);
            } catch (IOException e) {
                visit.failed(name, e);
            }
        }
    }

    private void look(Visit visit, String name) throws IOException {
        var check = MailboxCheck.of(visit.store(), name);
        if (print) {
            for (IndexRecord record : check.records()) {
                row(visit, name, record);
            }
            return;
        }
        List<Finding> found = check.look();
        List<Finding> now =
                mend && found.stream().anyMatch(IndexCheck::isBad) ? check.mend() : found;
        for (int i = 0; i < found.size(); i++) {
            boolean mended = isBad(found.get(i)) && !isBad(now.get(i));
            row(visit, name, mended ? "mended" : word(now.get(i)), found.get(i));
            if (isBad(now.get(i))) {
                visit.results().status(PostmailFailure.DATA);
            }
        }
    }

    private static boolean isBad(Finding finding) {
        return finding.state() == Finding.State.DAMAGED;
    }

    private static String word(Finding finding) {
        return finding.state().name().toLowerCase(Locale.ROOT);
    }

    private static void row(Visit visit, String mailbox, String state, Finding found)
            throws IOException {
        visit.row(
                Field.of(mailbox),
                Field.of(found.file()),
                Field.of(state),
                Field.of(found.detail()));
    }

    private static void row(Visit visit, String mailbox, IndexRecord record) throws IOException {
        visit.row(
                Field.of(mailbox),
                Field.of(record.uid()),
                Field.of(record.modseq()),
                Field.of(record.state()),
                Field.of(record.date()),
                Field.of(record.size()),
                Field.of(record.base()));
    }
}
