// SPDX-License-Identifier: Apache-2.0

package org.postino.message;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/// The fields Delivered-To: of a message. A delivery agent puts one in front, and by it knows a message that comes round again.
public final class DeliveredTo {
    private static final int MAX_HEADER = 1 << 20;
    private static final String FIELD = "delivered-to";

    private final Set<String> addresses;

    private DeliveredTo(Set<String> addresses) {
        this.addresses = addresses;
    }

    /// Reads them from the header, of which the first megabyte counts.
    public static DeliveredTo read(InputStream message) throws IOException {
        var found = new HashSet<String>();
        HeaderReader.read(
                message,
                MAX_HEADER,
                field -> {
                    if (field.is(FIELD)) {
                        found.add(key(field.value(StandardCharsets.UTF_8)));
                    }
                });
        return new DeliveredTo(found);
    }

    /// True if one of them names the address, in whatever case.
    public boolean names(String address) {
        return addresses.contains(key(address));
    }

    private static String key(String address) {
        return address.toLowerCase(Locale.ROOT);
    }
}
