// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/// Takes a message's content on its way to cleanup. Never fails: what goes wrong is noted, and the rest is thrown away,
/// since the client goes on sending in any case.
final class ContentSink extends OutputStream {
    private final OutputStream to;
    private final long limit;
    private long size;
    private boolean tooBig;
    private @Nullable IOException failure;

    /// @param limit `message_size_limit`; 0 = none
    ContentSink(OutputStream to, long limit) {
        this.to = to;
        this.limit = limit;
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
        size += length;
        if (tooBig || failure != null) {
            return;
        }
        if (limit > 0 && size > limit) {
            tooBig = true;
            return;
        }
        try {
            to.write(bytes, from, length);
        } catch (IOException e) {
            failure = e;
        }
    }

    long size() {
        return size;
    }

    /// Whether so many bytes more are too many.
    boolean overflows(long bytes) {
        return limit > 0 && bytes > limit - size;
    }

    boolean tooBig() {
        return tooBig;
    }

    @Nullable IOException failure() {
        return failure;
    }
}
