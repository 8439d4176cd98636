// SPDX-License-Identifier: Apache-2.0

package org.postino.table;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postino.util.Cidr;

/// Networks with values, in the order of a table; the first that contains an address gives its value.
///
/// An address is looked up once for each length of prefix that occurs, however many networks there are: a table from the internet
/// has some twenty lengths and 50,000 networks. What is kept of a network is 21 bytes and two to four places of 4 bytes in an
/// index; equal values are kept once.
final class CidrNetworks {
    /// Gathers networks, and makes them findable.
    static final class Builder {
        private final List<Cidr> networks = new ArrayList<>();
        private final List<String> values = new ArrayList<>();
        private final Map<String, String> distinct = new HashMap<>();

        void add(Cidr network, String value) {
            networks.add(network);
            String before = distinct.putIfAbsent(value, value);
            values.add(before == null ? value : before);
        }

        boolean isEmpty() {
            return networks.isEmpty();
        }

        CidrNetworks build() {
            return new CidrNetworks(networks, values.toArray(String[]::new));
        }
    }

    /// IPv4 addresses and IPv6 addresses are families of their own, as a prefix of 0 bits shows.
    private static final int FAMILIES = 2;

    private final long[] high;
    private final long[] low;
    private final byte[] bits;
    private final String[] values;

    /// By family, the lengths of prefixes that occur.
    private final int[][] lengths = new int[FAMILIES][];

    /// By family, a hash table: the index of a network plus one, 0 for an empty place. Twice as many places as networks, a power of two.
    private final int[][] places = new int[FAMILIES][];

    private CidrNetworks(List<Cidr> networks, String[] values) {
        int count = networks.size();
        high = new long[count];
        low = new long[count];
        bits = new byte[count];
        this.values = values;
        var seen = new BitSet[] {new BitSet(), new BitSet()};
        for (int family = 0; family < FAMILIES; family++) {
            places[family] = new int[Integer.highestOneBit(count * 2 + 1) * 2];
        }
        for (int i = 0; i < count; i++) {
            Cidr network = networks.get(i);
            byte[] base = network.base().getAddress();
            high[i] = high(base);
            low[i] = low(base);
            bits[i] = (byte) network.bits();
            int family = family(base);
            seen[family].set(network.bits());
            put(places[family], i);
        }
        for (int family = 0; family < FAMILIES; family++) {
            lengths[family] = seen[family].stream().toArray();
            if (seen[family].isEmpty()) {
                places[family] = new int[0];
            }
        }
    }

    /// Of networks that are equal the first stays: the others can never be asked for.
    private void put(int[] table, int index) {
        int at = place(table, high[index], low[index], bits[index] & 0xff);
        if (table[at] == 0) {
            table[at] = index + 1;
        }
    }

    Optional<String> find(InetAddress address) {
        byte[] bytes = address.getAddress();
        int family = family(bytes);
        long addressHigh = high(bytes);
        long addressLow = low(bytes);
        int first = Integer.MAX_VALUE;
        for (int length : lengths[family]) {
            // An IPv4 address is the upper half of the low word.
            boolean v4 = family == 0;
            long keptHigh = addressHigh & mask(length);
            long keptLow = addressLow & mask(v4 ? length : length - Long.SIZE);
            int found = places[family][place(places[family], keptHigh, keptLow, length)];
            if (found != 0) {
                first = Math.min(first, found - 1);
            }
        }
        return first == Integer.MAX_VALUE ? Optional.empty() : Optional.of(values[first]);
    }

    private int place(int[] table, long wantedHigh, long wantedLow, int length) {
        int mask = table.length - 1;
        long mixed = (wantedHigh * 31 + wantedLow) * 31 + length;
        mixed = (mixed ^ (mixed >>> 32)) * 0x9E3779B97F4A7C15L;
        int at = (int) (mixed >>> 40) & mask;
        while (table[at] != 0) {
            int i = table[at] - 1;
            if (high[i] == wantedHigh && low[i] == wantedLow && (bits[i] & 0xff) == length) {
                break;
            }
            at = (at + 1) & mask;
        }
        return at;
    }

    private static long mask(int length) {
        return length <= 0 ? 0 : length >= Long.SIZE ? -1L : -1L << (Long.SIZE - length);
    }

    private static int family(byte[] address) {
        return address.length == 4 ? 0 : 1;
    }

    private static long high(byte[] address) {
        return address.length == 4 ? 0 : word(address, 0, 8);
    }

    private static long low(byte[] address) {
        return address.length == 4 ? word(address, 0, 4) << 32 : word(address, 8, 8);
    }

    private static long word(byte[] bytes, int from, int count) {
        long word = 0;
        for (byte b : Arrays.copyOfRange(bytes, from, from + count)) {
            word = word << 8 | (b & 0xff);
        }
        return word;
    }
}
