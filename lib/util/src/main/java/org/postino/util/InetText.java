// SPDX-License-Identifier: Apache-2.0

package org.postino.util;

import java.net.Inet6Address;
import java.net.InetAddress;

/// Internet addresses as text for people, tables and logs: `192.0.2.1`, `2001:db8::1`.
public final class InetText {
    private InetText() {}

    /// An address in its shortest form (RFC 5952).
    public static String of(InetAddress address) {
        return address instanceof Inet6Address six
                ? compact(six.getAddress())
                : address.getHostAddress();
    }

    private static String compact(byte[] bytes) {
        var groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = (bytes[2 * i] & 0xff) << 8 | (bytes[2 * i + 1] & 0xff);
        }
        int start = -1;
        int longest = 1;
        for (int i = 0; i < 8; i++) {
            int n = i;
            while (n < 8 && groups[n] == 0) {
                n++;
            }
            if (n - i > longest) {
                start = i;
                longest = n - i;
            }
        }
        var out = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == start) {
                out.append("::");
                i += longest - 1;
            } else {
                if (!out.isEmpty() && out.charAt(out.length() - 1) != ':') {
                    out.append(':');
                }
                out.append(Integer.toHexString(groups[i]));
            }
        }
        return out.toString();
    }
}
