// SPDX-License-Identifier: Apache-2.0

package org.postino.queue;

import java.util.List;
import java.util.zip.CRC32C;
import org.postino.ipc.FieldWriter;

/// The CRC-32C over the records of a queue file, in which neither a recipient's status nor the bytes of the message count.
final class Checksum {
    private final CRC32C crc = new CRC32C();

    void add(int type, byte[] data) {
        addHead(type, data.length);
        if (type == 'R' && data.length > 0) {
            crc.update(RecipientStatus.OPEN.code());
            crc.update(data, 1, data.length - 1);
        } else {
            crc.update(data, 0, data.length);
        }
    }

    /// Takes the lengths of the records of an edited message whose data does not count.
    void addRegions(List<Piece> regions) {
        for (Piece region : regions) {
            addHead('D', region.length());
        }
    }

    private void addHead(int type, long length) {
        var head = new byte[1 + FieldWriter.MAX_NUMBER];
        head[0] = (byte) type;
        crc.update(head, 0, FieldWriter.put(length, head, 1));
    }

    int value() {
        return (int) crc.getValue();
    }
}
