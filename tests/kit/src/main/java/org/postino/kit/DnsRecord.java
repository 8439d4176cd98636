// SPDX-License-Identifier: Apache-2.0

package org.postino.kit;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/// One record of a zone, and how each type is written on the wire (RFC 1035, 3.3).
///
/// @param data as it stands in an answer
/// @param target of an alias, else empty
/// @param ttl in seconds; -1: as the server says
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record DnsRecord(int type, byte[] data, String target, int ttl) {
    static final int A = 1;
    static final int NS = 2;
    static final int CNAME = 5;
    static final int SOA = 6;
    static final int PTR = 12;
    static final int MX = 15;
    static final int TXT = 16;
    static final int AAAA = 28;

    private static final Map<Integer, String> NAMES =
            Map.of(
                    A, "A", NS, "NS", CNAME, "CNAME", SOA, "SOA", PTR, "PTR", MX, "MX", TXT, "TXT",
                    AAAA, "AAAA");

    private static DnsRecord of(int type, byte[] data) {
        return new DnsRecord(type, data, "", -1);
    }

    /// @param address of either family
    static DnsRecord address(String address) {
        byte[] bytes = InetAddress.ofLiteral(address).getAddress();
        return of(bytes.length == 4 ? A : AAAA, bytes);
    }

    /// @param host empty for "takes no mail" (RFC 7505)
    static DnsRecord mx(int preference, String host) {
        byte[] name = name(host);
        byte[] data = new byte[name.length + 2];
        data[0] = (byte) (preference >> 8);
        data[1] = (byte) preference;
        System.arraycopy(name, 0, data, 2, name.length);
        return of(MX, data);
    }

    static DnsRecord cname(String target) {
        return new DnsRecord(CNAME, name(target), target, -1);
    }

    static DnsRecord ptr(String host) {
        return of(PTR, name(host));
    }

    static DnsRecord ns(String host) {
        return of(NS, name(host));
    }

    static DnsRecord txt(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        var out = new ByteArrayOutputStream();
        for (int i = 0; i < bytes.length || i == 0; i += 255) {
            int n = Math.min(255, bytes.length - i);
            out.write(n);
            out.write(bytes, i, n);
        }
        return of(TXT, out.toByteArray());
    }

    /// @param numbers serial, refresh, retry, expire, and how long a "no" may be remembered
    static DnsRecord soa(String server, String mailbox, int... numbers) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(name(server));
        out.writeBytes(name(mailbox));
        for (int n : numbers) {
            out.writeBytes(
                    new byte[] {(byte) (n >> 24), (byte) (n >> 16), (byte) (n >> 8), (byte) n});
        }
        return of(SOA, out.toByteArray());
    }

    DnsRecord withTtl(int seconds) {
        return new DnsRecord(type, data, target, seconds);
    }

    /// A name as labels.
    static byte[] name(String name) {
        var out = new ByteArrayOutputStream();
        for (String label : name.split("\\.")) {
            if (!label.isEmpty()) {
                out.write(label.length());
                out.writeBytes(label.getBytes(StandardCharsets.ISO_8859_1));
            }
        }
        out.write(0);
        return out.toByteArray();
    }

    /// The name under which the name of an address stands: `1.2.0.192.in-addr.arpa`.
    static String reverse(String address) {
        byte[] bytes = InetAddress.ofLiteral(address).getAddress();
        var name = new StringBuilder();
        for (int i = bytes.length - 1; i >= 0; i--) {
            int b = bytes[i] & 0xff;
            if (bytes.length == 4) {
                name.append(b).append('.');
            } else {
                name.append(Integer.toHexString(b & 15)).append('.');
                name.append(Integer.toHexString(b >> 4)).append('.');
            }
        }
        return name.append(bytes.length == 4 ? "in-addr.arpa" : "ip6.arpa").toString();
    }

    static String typeName(int type) {
        return NAMES.getOrDefault(type, "TYPE" + type);
    }

    /// Names differ in nothing but the case of letters, and have no final dot.
    static String key(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }
}
