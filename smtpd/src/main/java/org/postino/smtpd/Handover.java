// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;
import org.postino.smtp.Command;
import org.postino.smtp.Reply;

/// A message on its way to whoever takes it: cleanup, or a filter that answers in its place (`smtpd_proxy_filter`). Owned by the
/// session's thread.
///
/// Nothing is kept of it unless [#finish] says so.
interface Handover {
    /// The queue id, or `NOQUEUE`.
    String queueIdText();

    /// True if our own mark belongs in front of the content: the Received: header field.
    boolean isMarked();

    /// Our other fields in front of the content, lines ended by CRLF; empty if there are none.
    default String fields() {
        return "";
    }

    /// Offers a recipient that we would accept; the reply of whoever does not want it, null if it is taken.
    @Nullable Reply recipient(Command.Rcpt command);

    /// Says that the content is about to come; the reply if it must not, null if it may.
    ///
    /// @throws IOException the message cannot be taken now
    @Nullable Reply begin(Transaction transaction) throws IOException;

    /// Takes the message, header and body, lines ended by CRLF.
    OutputStream content();

    /// The content is complete, and edits may come.
    void contentEnded(Disposition disposition);

    /// Ends the message.
    ///
    /// @param chunked true if it came in chunks (BDAT)
    /// @return what the client is told: a positive reply if the message was taken
    Reply finish(Transaction transaction, boolean chunked);

    /// Throws the message away, if it was not finished.
    void close();
}
