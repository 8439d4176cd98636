// SPDX-License-Identifier: Apache-2.0

package org.postino.queue;

import java.util.zip.CRC32C;
import org.postino.ipc.FieldWriter;

/// The CRC-32C over the records of an envelope, in which a recipient's status does not count.
final class Checksum {
    private final CRC32C crc = new CRC32C();

    void add(int type, byte[] data) {
        var head = new byte[1 + FieldWriter.MAX_NUMBER];
        head[0] = (byte) type;
        crc.update(head, 0, FieldWriter.put(data.length, head, 1));
        if (type == 'R' && data.length > 0) {
            crc.update(RecipientStatus.OPEN.code());
            crc.update(data, 1, data.length - 1);
        } else {
            crc.update(data, 0, data.length);
        }
    }

    int value() {
        return (int) crc.getValue();
    }
}
