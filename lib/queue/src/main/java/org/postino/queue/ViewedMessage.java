// SPDX-License-Identifier: Apache-2.0

package org.postino.queue;

import java.io.IOException;
import java.io.InputStream;
import org.postino.ipc.IpcConnection;
import org.postino.ipc.IpcRecord;
import org.postino.ipc.ProtocolException;

/// Reads the message that cleanup has, a piece at a time: the next one is asked for when it is wanted, so that a reader may stop at any time.
final class ViewedMessage extends InputStream {
    private final IpcConnection cleanup;
    private byte[] piece = {};
    private int at;
    private boolean last;

    ViewedMessage(IpcConnection cleanup) {
        this.cleanup = cleanup;
    }

    /// Asks for the first piece; false if cleanup will not take the message.
    boolean begin() throws IOException {
        return fetch(CleanupClient.FROM_START);
    }

    private boolean fetch(int which) throws IOException {
        cleanup.sendRecord(CleanupClient.VIEW, new byte[] {(byte) which});
        cleanup.flush();
        IpcRecord answer = cleanup.receiveRecord();
        int type = answer.type();
        boolean content = type == CleanupClient.CONTENT || type == CleanupClient.LAST_CONTENT;
        if (!content && type != CleanupClient.DISCARD) {
            throw new ProtocolException("unexpected " + answer);
        }
        piece = content ? answer.data() : new byte[0];
        at = 0;
        last = type != CleanupClient.CONTENT;
        return content;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        while (at == piece.length) {
            if (last) {
                return -1;
            }
            if (!fetch(CleanupClient.NEXT)) {
                throw new IOException("cleanup cannot read the message");
            }
        }
        int n = Math.min(length, piece.length - at);
        System.arraycopy(piece, at, into, offset, n);
        at += n;
        return n;
    }
}
