// SPDX-License-Identifier: Apache-2.0

package org.postino.ipc;

import java.nio.charset.StandardCharsets;

/// A record as received: its type (one of the constants, or a letter of the service) and its data, which the receiver owns.
@SuppressWarnings("ArrayRecordComponent") // a carrier from the socket to its reader, never compared
public record IpcRecord(int type, byte[] data) {
    /// The protocol version, first record of each side.
    public static final int VERSION = 'V';

    /// A [Message].
    public static final int MESSAGE = 'M';

    /// The longest data a record may have.
    public static final int MAX = 4 * 1024 * 1024;

    public String text() {
        return new String(data, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "record "
                + (type > ' ' && type < 127 ? Character.toString(type) : "#" + type)
                + " of "
                + data.length
                + " bytes";
    }
}
