// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpclient;

import java.io.IOException;
import java.io.OutputStream;
import org.postino.content.CheckSubject;
import org.postino.content.ContentChecks;
import org.postino.content.LookupException;
import org.postino.message.AddressFields;
import org.postino.message.HeaderField;
import org.postino.message.HeaderReader;
import org.postino.suite.CheckAction;
import org.postino.table.TableException;
import org.postino.util.Printable;

/// A message on its way to a server, changed as [ContentRules] have it: a field is looked up first, and its addresses are mapped then. Owned by
/// one thread.
///
/// It stands behind the conversion to 7 bit, so that tables see what is sent.
final class OutgoingContent extends OutputStream implements ContentChecks.Out, ContentChecks.Host {
    /// The most characters of a field or line that the log shows.
    private static final int SHOWN = 60;

    private static final int LONGEST_TEXT = 1000;

    private final ContentRules rules;
    private final String id;
    private final OutputStream out;
    private final ContentChecks checks;
    private final HeaderReader header;

    /// @param id the queue id, for the log
    OutgoingContent(ContentRules rules, String id, OutputStream out) {
        this.rules = rules;
        this.id = id;
        this.out = out;
        checks = new ContentChecks(rules.checks(), this, this);
        header = new HeaderReader(rules.checks().fieldLimit(), checks);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    /// Takes the next bytes of the message.
    ///
    /// @throws LookupException a table cannot be asked
    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int used = header.done() ? 0 : header.feed(bytes, offset, length);
        if (used < length) {
            checks.body(bytes, offset + used, length - used);
        }
    }

    /// Ends the message.
    void finish() throws IOException {
        header.finish();
        checks.end();
    }

    @Override
    public void field(HeaderField field) throws IOException {
        String name = field.name();
        boolean named = AddressFields.isSender(name) || AddressFields.isRecipient(name);
        byte[] mapped = null;
        if (named && !rules.generic().maps().isEmpty()) {
            try {
                mapped = AddressFields.replaced(field, rules::address);
            } catch (TableException e) {
                throw new LookupException(e);
            }
        }
        if (mapped == null) {
            out.write(field.bytes(), field.from(), field.length());
        } else {
            out.write(mapped);
        }
    }

    @Override
    public void front(byte[] field) throws IOException {
        out.write(field);
    }

    @Override
    public void endOfHeader() {}

    @Override
    public void body(byte[] bytes, int offset, int length) throws IOException {
        out.write(bytes, offset, length);
    }

    @Override
    public void log(String action, CheckSubject subject, String text) {
        rules.log()
                .info(
                        "{}: {}: {} {}{}",
                        id,
                        action,
                        subject.where(),
                        Printable.text(subject.text(), SHOWN),
                        text.isEmpty() ? "" : ": " + Printable.text(text, LONGEST_TEXT));
    }

    @Override
    public void broken(String parameter, String why) {
        rules.log().warn("{}: {}: {}", id, parameter, Printable.text(why, LONGEST_TEXT));
    }

    /// Warns of an action that is none for a message which has been taken already.
    @Override
    public void act(CheckAction.Named action, CheckSubject subject, String parameter) {
        rules.log().warn("unsupported command in {} map: {}", parameter, action.name());
    }

    @Override
    public boolean isPassed() {
        return false;
    }
}
