// SPDX-License-Identifier: Apache-2.0

package org.postino.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.postino.smtp.Delivery;
import org.postino.smtp.Dsn;

final class DeliveriesTest {
    private static final Deliveries.Place BOX =
            new Deliveries.Place.Mbox(Path.of("/var/mail/ann"), "ann", 1000);

    private static Dsn deferred(IOException e) {
        return assertInstanceOf(Delivery.Deferred.class, Deliveries.failure(BOX, e)).dsn();
    }

    @Test
    void whatTheDiskHasNoRoomForWaits() {
        var quota = deferred(new IOException("Disk quota exceeded"));
        assertEquals("4.2.2", quota.status().toString());
        assertEquals(
                "cannot update mailbox /var/mail/ann for user ann. Disk quota exceeded",
                quota.reason());
        var inode =
                deferred(
                        new FileSystemException("/var/mail/ann.lock", null, "Disk quota exceeded"));
        assertEquals("4.2.2", inode.status().toString());
        assertEquals(
                "4.3.1", deferred(new IOException("No space left on device")).status().toString());
        assertEquals("4.2.0", deferred(new IOException("Input/output error")).status().toString());
    }
}
