// SPDX-License-Identifier: Apache-2.0

package org.postino.imap;

import java.io.IOException;
import org.postino.mailstore.Cached;
import org.postino.mailstore.Digest;
import org.postino.mailstore.MessageBytes;

/// The answers to what IMAP clients ask of each message: fields of the header, ENVELOPE, BODYSTRUCTURE and PREVIEW.
public final class ImapDigest implements Digest {
    @Override
    public Cached of(MessageBytes message) throws IOException {
        return MessageReader.digest(message);
    }
}
