// SPDX-License-Identifier: Apache-2.0

package org.postino.sasl;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.bouncycastle.crypto.digests.Blake2bDigest;

/// The memory-filling function of Argon2i and Argon2id (RFC 9106, 3), without secret and associated data.
///
/// The blocks stand outside the Java heap and are given back as soon as the hash is made: a daemon with a small heap can
/// check passwords of 64 MiB, and its heap does not grow by them.
final class Argon2Core {
    private static final int WORDS = 128;
    private static final int BLOCK = WORDS * Long.BYTES;
    private static final int SLICES = 4;

    private final Costs costs;
    private final int lanes;
    private final int columns;
    private final int segment;
    private final long[] previous = new long[WORDS];
    private final long[] mixed = new long[WORDS];
    private final long[] addresses = new long[WORDS];
    private final long[] counter = new long[WORDS];
    private final long[] zero = new long[WORDS];

    /// The parameters of a hash (RFC 9106, 3.1).
    ///
    /// @param id true for Argon2id, false for Argon2i
    /// @param version 0x10 or 0x13
    /// @param memory in KiB
    /// @param passes the number of times that the memory is filled
    record Costs(boolean id, int version, int memory, int passes, int lanes) {
        private int type() {
            return id ? 2 : 1;
        }
    }

    private Argon2Core(Costs costs) {
        this.costs = costs;
        this.lanes = costs.lanes();
        this.segment = Math.max(costs.memory(), 2 * SLICES * lanes) / (SLICES * lanes);
        this.columns = segment * SLICES;
    }

    /// Hashes a password to `length` bytes.
    static byte[] hash(Costs costs, byte[] secret, byte[] salt, int length) {
        return new Argon2Core(costs).run(secret, salt, length);
    }

    private byte[] run(byte[] secret, byte[] salt, int length) {
        byte[] seed = seed(secret, salt, length);
        try (var arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate((long) lanes * columns * BLOCK, 64);
            for (int lane = 0; lane < lanes; lane++) {
                for (int column = 0; column < 2; column++) {
                    byte[] block = stretch(BLOCK, seed, little(column), little(lane));
                    MemorySegment.copy(
                            block, 0, memory, ValueLayout.JAVA_BYTE, offset(lane, column), BLOCK);
                }
            }
            for (int pass = 0; pass < costs.passes(); pass++) {
                for (int slice = 0; slice < SLICES; slice++) {
                    for (int lane = 0; lane < lanes; lane++) {
                        fill(memory, pass, slice, lane);
                    }
                }
            }
            byte[] last = finalBlock(memory);
            memory.fill((byte) 0);
            return stretch(length, last);
        }
    }

    private byte[] finalBlock(MemorySegment memory) {
        Arrays.fill(mixed, 0);
        for (int lane = 0; lane < lanes; lane++) {
            load(memory, offset(lane, columns - 1), previous);
            for (int i = 0; i < WORDS; i++) {
                mixed[i] ^= previous[i];
            }
        }
        byte[] bytes = new byte[BLOCK];
        var segmentOf = MemorySegment.ofArray(bytes);
        for (int i = 0; i < WORDS; i++) {
            segmentOf.set(ValueLayout.JAVA_LONG_UNALIGNED, (long) i * Long.BYTES, mixed[i]);
        }
        return bytes;
    }

    private void fill(MemorySegment memory, int pass, int slice, int lane) {
        boolean independent = !costs.id() || (pass == 0 && slice < 2);
        int start = pass == 0 && slice == 0 ? 2 : 0;
        if (independent) {
            Arrays.fill(counter, 0);
            long[] position = {
                pass, lane, slice, (long) lanes * columns, costs.passes(), costs.type()
            };
            System.arraycopy(position, 0, counter, 0, position.length);
            if (start > 0) {
                nextAddresses();
            }
        }
        for (int i = start; i < segment; i++) {
            int column = slice * segment + i;
            load(memory, offset(lane, column == 0 ? columns - 1 : column - 1), previous);
            if (independent && i % WORDS == 0) {
                nextAddresses();
            }
            long random = independent ? addresses[i % WORDS] : previous[0];
            int from = pass == 0 && slice == 0 ? lane : (int) ((random >>> 32) % lanes);
            int reference = reference(pass, slice, i, (int) random, from == lane);
            combine(
                    memory,
                    offset(from, reference),
                    offset(lane, column),
                    pass > 0 && costs.version() != 0x10);
        }
    }

    /// Returns the column of the chosen lane that is mixed into the next block (RFC 9106, 3.4.2).
    private int reference(int pass, int slice, int index, int random, boolean sameLane) {
        int done = pass == 0 ? slice * segment : columns - segment;
        int area = sameLane ? done + index - 1 : done - (index == 0 ? 1 : 0);
        long x = Integer.toUnsignedLong(random);
        long y = (x * x) >>> 32;
        long relative = area - 1 - ((area * y) >>> 32);
        int start = pass == 0 || slice == SLICES - 1 ? 0 : (slice + 1) * segment;
        return (int) ((start + relative) % columns);
    }

    private void nextAddresses() {
        counter[6]++;
        compress(zero, counter, addresses);
        long[] once = addresses.clone();
        compress(zero, once, addresses);
    }

    /// Writes G(previous, reference) to the block at `to`; with `over`, XORed with that block's old contents.
    private void combine(MemorySegment memory, long reference, long to, boolean over) {
        load(memory, reference, mixed);
        compress(previous, mixed, mixed);
        if (over) {
            load(memory, to, previous);
            for (int i = 0; i < WORDS; i++) {
                mixed[i] ^= previous[i];
            }
        }
        MemorySegment.copy(mixed, 0, memory, ValueLayout.JAVA_LONG, to, WORDS);
    }

    private static void load(MemorySegment memory, long offset, long[] block) {
        MemorySegment.copy(memory, ValueLayout.JAVA_LONG, offset, block, 0, WORDS);
    }

    private long offset(int lane, int column) {
        return ((long) lane * columns + column) * BLOCK;
    }

    /// The compression function G (RFC 9106, 3.5); `to` may be `y`.
    private static void compress(long[] x, long[] y, long[] to) {
        long[] r = new long[WORDS];
        for (int i = 0; i < WORDS; i++) {
            r[i] = x[i] ^ y[i];
        }
        long[] z = r.clone();
        for (int i = 0; i < 8; i++) {
            permute(z, 16 * i, 1, 2);
        }
        for (int i = 0; i < 8; i++) {
            permute(z, 2 * i, 1, 16);
        }
        for (int i = 0; i < WORDS; i++) {
            to[i] = r[i] ^ z[i];
        }
    }

    /// The permutation P on eight pairs of words, `step` apart.
    private static void permute(long[] v, int at, int next, int step) {
        int a = at;
        int b = at + step;
        int c = at + 2 * step;
        int d = at + 3 * step;
        int e = at + 4 * step;
        int f = at + 5 * step;
        int g = at + 6 * step;
        int h = at + 7 * step;
        quarter(v, a, c, e, g);
        quarter(v, a + next, c + next, e + next, g + next);
        quarter(v, b, d, f, h);
        quarter(v, b + next, d + next, f + next, h + next);
        quarter(v, a, c + next, f, h + next);
        quarter(v, a + next, d, f + next, g);
        quarter(v, b, d + next, e, g + next);
        quarter(v, b + next, c, e + next, h);
    }

    private static void quarter(long[] v, int ia, int ib, int ic, int id) {
        long a = v[ia];
        long b = v[ib];
        long c = v[ic];
        long d = v[id];
        a = multiplyAdd(a, b);
        d = Long.rotateRight(d ^ a, 32);
        c = multiplyAdd(c, d);
        b = Long.rotateRight(b ^ c, 24);
        a = multiplyAdd(a, b);
        d = Long.rotateRight(d ^ a, 16);
        c = multiplyAdd(c, d);
        b = Long.rotateRight(b ^ c, 63);
        v[ia] = a;
        v[ib] = b;
        v[ic] = c;
        v[id] = d;
    }

    private static long multiplyAdd(long x, long y) {
        return x + y + 2 * (x & 0xffffffffL) * (y & 0xffffffffL);
    }

    private byte[] seed(byte[] secret, byte[] salt, int length) {
        return blake(
                64,
                little(lanes),
                little(length),
                little(costs.memory()),
                little(costs.passes()),
                little(costs.version()),
                little(costs.type()),
                little(secret.length),
                secret,
                little(salt.length),
                salt,
                little(0),
                little(0));
    }

    /// The variable-length hash H' (RFC 9106, 3.3).
    private static byte[] stretch(int length, byte[]... parts) {
        byte[][] all = new byte[parts.length + 1][];
        all[0] = little(length);
        System.arraycopy(parts, 0, all, 1, parts.length);
        if (length <= 64) {
            return blake(length, all);
        }
        byte[] out = new byte[length];
        byte[] v = blake(64, all);
        int at = 0;
        while (length - at > 64) {
            System.arraycopy(v, 0, out, at, 32);
            at += 32;
            v = blake(Math.min(64, length - at), v);
        }
        System.arraycopy(v, 0, out, at, length - at);
        return out;
    }

    private static byte[] blake(int length, byte[]... parts) {
        var digest = new Blake2bDigest(length * 8);
        for (byte[] part : parts) {
            digest.update(part, 0, part.length);
        }
        byte[] out = new byte[length];
        digest.doFinal(out, 0);
        return out;
    }

    private static byte[] little(int value) {
        return new byte[] {
            (byte) value, (byte) (value >> 8), (byte) (value >> 16), (byte) (value >> 24)
        };
    }
}
