// SPDX-License-Identifier: Apache-2.0

package org.postino.util;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;

/// A network, `192.0.2.0/24` or `2001:db8::/32`: the first `bits` bits of `base`.
public record Cidr(InetAddress base, int bits) {

    /// Reads an address or `address/bits`; `[ ]` around an IPv6 address are taken off. Empty if the text is neither, or has bits outside the prefix.
    public static Optional<Cidr> parse(String text) {
        int slash = text.lastIndexOf('/');
        String host = slash < 0 ? text : text.substring(0, slash);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (text.startsWith("[") && text.endsWith("]")) {
            return parse(text.substring(1, text.length() - 1));
        }
        var address = address(host);
        if (address.isEmpty()) {
            return Optional.empty();
        }
        int width = address.get().getAddress().length * 8;
        int bits = slash < 0 ? width : number(text.substring(slash + 1));
        if (slash >= 0 && width == 32 && host.indexOf(':') >= 0) {
            bits -= 96; // the prefix of an IPv4-mapped network counts all 128 bits
        }
        if (bits < 0 || bits > width) {
            return Optional.empty();
        }
        var network = new Cidr(address.get(), bits);
        return network.hostBitsClear() ? Optional.of(network) : Optional.empty();
    }

    /// Reads a numeric address; never asks the DNS. An IPv4-mapped IPv6 address is an IPv4 address.
    public static Optional<InetAddress> address(String text) {
        boolean v6 = text.indexOf(':') >= 0;
        if (text.isEmpty() || (v6 ? !hexadecimal(text) : !dotted(text))) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(v6 ? "[" + text + "]" : text));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }

    private static boolean dotted(String text) {
        int dots = 0;
        int digits = 0;
        int value = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '.' && digits > 0) {
                dots++;
                digits = 0;
                value = 0;
            } else if (c >= '0' && c <= '9' && digits < 3) {
                digits++;
                value = value * 10 + (c - '0');
            } else {
                return false;
            }
            if (value > 255) {
                return false;
            }
        }
        return dots == 3 && digits > 0;
    }

    private static boolean hexadecimal(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.digit(c, 16) < 0 && c != ':' && c != '.') {
                return false;
            }
        }
        return true;
    }

    private static int number(String text) {
        if (text.isEmpty() || text.length() > 3) {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            value = value * 10 + (c - '0');
        }
        return value;
    }

    private boolean hostBitsClear() {
        byte[] bytes = base.getAddress();
        return Arrays.equals(bytes, masked(bytes));
    }

    private byte[] masked(byte[] bytes) {
        byte[] out = bytes.clone();
        for (int i = 0; i < out.length; i++) {
            int keep = Math.clamp(bits - i * 8L, 0, 8);
            out[i] = (byte) (out[i] & (0xff00 >> keep));
        }
        return out;
    }

    /// The network of `address` with this many bits.
    public static Cidr of(InetAddress address, int bits) {
        try {
            var whole = new Cidr(address, bits);
            return new Cidr(InetAddress.getByAddress(whole.masked(address.getAddress())), bits);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /// True if an address is of the same family, IPv4 or IPv6.
    public boolean isOfFamily(InetAddress address) {
        return address.getAddress().length == base.getAddress().length;
    }

    public boolean contains(InetAddress address) {
        byte[] bytes = address.getAddress();
        byte[] network = base.getAddress();
        return bytes.length == network.length && Arrays.equals(masked(bytes), network);
    }

    /// As main.cf has it: IPv6 addresses in brackets.
    @Override
    public String toString() {
        String text = InetText.of(base);
        return (text.indexOf(':') >= 0 ? "[" + text + "]" : text) + "/" + bits;
    }
}
