// SPDX-License-Identifier: Apache-2.0

package org.postino.milter;

import java.io.IOException;
import java.io.InputStream;
import org.postino.message.Address;
import org.postino.queue.MessageEdit;
import org.postino.smtp.MailParameters;
import org.postino.smtp.RcptParameters;

/// A complete message that filters look at and change. What a filter wants is done when it has said its last word.
public interface MilterMessage {
    /// The message as it is now, with all edits so far; lines end with CRLF. The first Received: field is our own, which filters do not see.
    ///
    /// @throws IOException it cannot be read
    InputStream content() throws IOException;

    /// Changes the content. What goes wrong is kept for whoever commits the message.
    void edit(MessageEdit edit);

    /// Adds a recipient.
    void addRecipient(Address address, RcptParameters parameters);

    /// Removes a recipient as the client gave it; nothing happens if there is none.
    void removeRecipient(Address address);

    /// Replaces the sender of the envelope.
    void changeSender(Address address, MailParameters parameters);

    /// Puts the message into the hold queue.
    void quarantine(String reason);
}
