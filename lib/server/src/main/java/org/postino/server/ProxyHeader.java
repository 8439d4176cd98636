// SPDX-License-Identifier: Apache-2.0

package org.postino.server;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.postino.util.Cidr;
import org.postino.util.Printable;

/// The header with which a proxy begins a connection to tell whose it is: version 1 or 2 of the PROXY protocol (HAProxy,
/// proxy-protocol.txt).
///
/// Just the header's bytes are read: what follows, a TLS handshake say, is somebody else's.
///
/// @param peer the client; null if the connection is the proxy's own, or if it does not say
/// @param local the address to which the client has connected; null with `peer`
record ProxyHeader(@Nullable InetSocketAddress peer, @Nullable InetSocketAddress local) {
    /// The connection is what it looks like.
    static final ProxyHeader NONE = new ProxyHeader(null, null);

    private static final byte[] V1 = "PROXY ".getBytes(StandardCharsets.ISO_8859_1);
    private static final byte[] V2 = "\r\n\r\n\0\r\nQUIT\n".getBytes(StandardCharsets.ISO_8859_1);

    /// The longest line of version 1, with its end.
    private static final int MAX_LINE = 107;

    /// The most bytes behind the fixed part of version 2: addresses and further facts, of which a few are long.
    private static final int MAX_REST = 4096;

    private static final int FIXED = 16;

    /// The type of the checksum among the further facts.
    private static final int CHECKSUM = 3;

    private static final int CHECKSUM_BYTES = 4;

    /// Reads a header.
    ///
    /// @throws ProxyHeaderException what comes is none, or one that is not for us
    /// @throws EOFException the other end left before it was complete
    static ProxyHeader read(InputStream in) throws IOException {
        byte[] start = exactly(in, V1.length);
        if (Arrays.equals(start, V1)) {
            return line(in);
        }
        if (!Arrays.equals(start, Arrays.copyOf(V2, start.length))) {
            throw problem("no protocol header", start);
        }
        byte[] fixed = Arrays.copyOf(start, FIXED);
        System.arraycopy(
                exactly(in, FIXED - start.length), 0, fixed, start.length, FIXED - start.length);
        if (!Arrays.equals(Arrays.copyOf(fixed, V2.length), V2)) {
            throw problem("no protocol header", fixed);
        }
        return binary(in, fixed);
    }

    private static byte[] exactly(InputStream in, int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException("lost connection");
        }
        return bytes;
    }

    private static ProxyHeaderException problem(String what, byte[] bytes) {
        String shown = new String(bytes, StandardCharsets.ISO_8859_1).stripTrailing();
        return new ProxyHeaderException(what + ": " + Printable.text(shown, MAX_LINE));
    }

    // version 1: PROXY TCP4 CLIENT SERVER CLIENTPORT SERVERPORT

    private static ProxyHeader line(InputStream in) throws IOException {
        byte[] line = Arrays.copyOf(V1, MAX_LINE);
        int length = V1.length;
        while (length < 2 || line[length - 2] != '\r' || line[length - 1] != '\n') {
            if (length == MAX_LINE) {
                throw problem("protocol header without end", line);
            }
            line[length++] = exactly(in, 1)[0];
        }
        byte[] all = Arrays.copyOf(line, length);
        String[] words = new String(all, 0, length - 2, StandardCharsets.ISO_8859_1).split(" ", -1);
        if (words[1].equals("UNKNOWN")) {
            return NONE;
        }
        int size =
                switch (words[1]) {
                    case "TCP4" -> 4;
                    case "TCP6" -> 16;
                    default -> throw problem("bad or missing protocol type", all);
                };
        if (words.length != 6) {
            throw problem("protocol header of " + words.length + " words", all);
        }
        return new ProxyHeader(
                new InetSocketAddress(
                        address(words[2], size, "client", all), port(words[4], "client", all)),
                new InetSocketAddress(
                        address(words[3], size, "server", all), port(words[5], "server", all)));
    }

    private static InetAddress address(String word, int size, String whose, byte[] all)
            throws ProxyHeaderException {
        boolean six = word.indexOf(':') >= 0;
        if (six != (size == 16)) {
            throw problem("bad or missing " + whose + " address", all);
        }
        return Cidr.address(word)
                .orElseThrow(() -> problem("bad or missing " + whose + " address", all));
    }

    private static int port(String word, String whose, byte[] all) throws ProxyHeaderException {
        int port = word.matches("[0-9]{1,5}") ? Integer.parseInt(word) : -1;
        if (port < 0 || port > 65535) {
            throw problem("bad or missing " + whose + " port", all);
        }
        return port;
    }

    // version 2: signature, version and command, family and protocol, length; addresses, ports,
    // further facts

    private static ProxyHeader binary(InputStream in, byte[] fixed) throws IOException {
        int version = (fixed[V2.length] & 0xf0) >> 4;
        int command = fixed[V2.length] & 0xf;
        if (version != 2) {
            throw problem("unrecognized protocol version", fixed);
        }
        if (command > 1) {
            throw problem("bad command in proxy header", fixed);
        }
        int length = ByteBuffer.wrap(fixed).getShort(V2.length + 2) & 0xffff;
        if (length > MAX_REST) {
            throw problem("protocol header of " + length + " bytes", fixed);
        }
        byte[] rest = exactly(in, length);
        int family = fixed[V2.length + 1] & 0xff;
        int size =
                switch (family) {
                    case 0x11 -> 4;
                    case 0x21 -> 16;
                    case 0x00, 0x31 -> 0; // not told, or a Unix socket
                    default -> -1;
                };
        if (command == 0) {
            return NONE; // whatever else it says: the proxy asks whether we are alive
        }
        if (size < 0) {
            throw problem("unsupported network protocol", fixed);
        }
        int used = size == 0 ? (family == 0 ? 0 : 216) : 2 * size + 4;
        if (used > length) {
            throw problem("short address field", fixed);
        }
        facts(fixed, rest, used);
        return size == 0 ? NONE : ends(ByteBuffer.wrap(rest), size);
    }

    private static ProxyHeader ends(ByteBuffer rest, int size) throws UnknownHostException {
        byte[] client = new byte[size];
        byte[] server = new byte[size];
        rest.get(client).get(server);
        int clientPort = rest.getShort() & 0xffff;
        int serverPort = rest.getShort() & 0xffff;
        return new ProxyHeader(
                new InetSocketAddress(InetAddress.getByAddress(client), clientPort),
                new InetSocketAddress(InetAddress.getByAddress(server), serverPort));
    }

    /// Walks over the further facts; of them all, the checksum matters.
    private static void facts(byte[] fixed, byte[] rest, int from) throws ProxyHeaderException {
        int at = from;
        while (at < rest.length) {
            if (rest.length - at < 3) {
                throw problem("bad length of a field", fixed);
            }
            int length = ByteBuffer.wrap(rest).getShort(at + 1) & 0xffff;
            int value = at + 3;
            if (length > rest.length - value) {
                throw problem("bad length of a field", fixed);
            }
            if (rest[at] == CHECKSUM && !isRight(fixed, rest, value, length)) {
                throw problem("wrong checksum", fixed);
            }
            at = value + length;
        }
    }

    /// True if the checksum is that of the header with zeros in the place of the checksum.
    private static boolean isRight(byte[] fixed, byte[] rest, int at, int length) {
        if (length != CHECKSUM_BYTES) {
            return false;
        }
        var crc = new CRC32C();
        crc.update(fixed);
        crc.update(rest, 0, at);
        crc.update(new byte[CHECKSUM_BYTES]);
        crc.update(rest, at + CHECKSUM_BYTES, rest.length - at - CHECKSUM_BYTES);
        return (int) crc.getValue() == ByteBuffer.wrap(rest).getInt(at);
    }
}
