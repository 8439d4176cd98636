// SPDX-License-Identifier: Apache-2.0

package org.postino.queue;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/// A message on its way into the queue: its content, then edits, then [#finish()]; recipients and attributes in front of the content or
/// behind it. Owned by one thread.
///
/// Closing it without `finish()` throws the message away. A failing connection to cleanup is an [IOException] from any method:
/// nothing was accepted then.
public interface Submission extends Closeable {
    /// The queue id, which the message keeps.
    QueueId queueId();

    /// Adds a recipient; `notify` and `orcpt` are empty where the client gave none, `original` where it is the address.
    void recipient(String address, String original, String notify, String orcpt) throws IOException;

    /// Adds to the envelope, or replaces there, one of the attributes of [Envelope].
    void attribute(String name, String value) throws IOException;

    /// Takes the message, header and body, lines ended by CRLF. Buffered; `close()` on it does nothing.
    OutputStream content();

    /// Opens the message as it is now: with what cleanup changed in its header, and all edits so far. All content must have been written; the
    /// stream is read before anything else is told.
    ///
    /// @return null if cleanup will not take the message, as [#finish()] tells, or has been told to throw it away
    @Nullable InputStream message() throws IOException;

    /// Changes the message. All content must have been written; [#finish()] tells what cleanup could not do.
    void edit(MessageEdit edit) throws IOException;

    /// Ends the message and waits until it is committed or refused.
    CleanupResult finish() throws IOException;
}
