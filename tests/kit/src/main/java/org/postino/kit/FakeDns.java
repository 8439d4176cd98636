// SPDX-License-Identifier: Apache-2.0

package org.postino.kit;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// A name server for tests, on one loopback port over UDP and TCP. It speaks the wire format by hand.
///
/// A name nobody told it of does not exist (NXDOMAIN); a name without records of the asked type is NODATA.
/// ```
/// try (var dns = FakeDns.start()) {
///     dns.mx("example.test", 10, "mx.example.test").a("mx.example.test", "127.0.0.5");
///     dns.address();   // for the parameter dns_servers
/// }
/// ```
public final class FakeDns implements Closeable {
    private static final int A = 1;
    private static final int NS = 2;
    private static final int CNAME = 5;
    private static final int SOA = 6;
    private static final int PTR = 12;
    private static final int MX = 15;
    private static final int TXT = 16;
    private static final int AAAA = 28;
    private static final int SERVFAIL = 2;
    private static final int NXDOMAIN = 3;

    private final DatagramSocket udp;
    private final ServerSocket tcp;
    private final Map<String, List<Data>> zone = new ConcurrentHashMap<>();
    private final Map<String, Trouble> troubles = new ConcurrentHashMap<>();
    private final List<String> questions = new CopyOnWriteArrayList<>();
    private volatile int ttl = 300;

    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Data(int type, byte[] rdata, String target) {}

    private record Question(int id, int flags, String name, int type) {}

    private enum Trouble {
        SERVER_FAILURE,
        SILENCE,
        TRUNCATION
    }

    private FakeDns(DatagramSocket udp, ServerSocket tcp) {
        this.udp = udp;
        this.tcp = tcp;
    }

    /// Starts on a free port of 127.0.0.1.
    public static FakeDns start() throws IOException {
        var loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        for (int attempt = 0; ; attempt++) {
            var udp = new DatagramSocket(new InetSocketAddress(loopback, 0));
            try {
                var dns = new FakeDns(udp, new ServerSocket(udp.getLocalPort(), 20, loopback));
                Thread.ofVirtual().name("fake-dns-udp").start(dns::serveUdp);
                Thread.ofVirtual().name("fake-dns-tcp").start(dns::serveTcp);
                return dns;
            } catch (BindException e) {
                udp.close();
                if (attempt == 20) {
                    throw e;
                }
            }
        }
    }

    /// `127.0.0.1:PORT`.
    public String address() {
        return "127.0.0.1:" + udp.getLocalPort();
    }

    public InetSocketAddress socketAddress() {
        return new InetSocketAddress(udp.getLocalAddress(), udp.getLocalPort());
    }

    /// What was asked so far: `MX example.test`, with ` tcp` at the end if over TCP.
    public List<String> questions() {
        return List.copyOf(questions);
    }

    /// The time to live of all records, in seconds.
    public FakeDns ttl(int seconds) {
        ttl = seconds;
        return this;
    }

    public FakeDns a(String name, String address) {
        return add(name, new Data(A, address(address), ""));
    }

    public FakeDns aaaa(String name, String address) {
        return add(name, new Data(AAAA, address(address), ""));
    }

    public FakeDns mx(String name, int preference, String host) {
        return add(name, new Data(MX, mxData(preference, host), ""));
    }

    /// A record by which a domain says that it takes no mail (RFC 7505).
    public FakeDns nullMx(String name) {
        return mx(name, 0, "");
    }

    public FakeDns cname(String name, String target) {
        return add(name, new Data(CNAME, name(target), target));
    }

    /// The name of an address; several calls give it several names.
    public FakeDns ptr(String address, String host) {
        return add(reverse(address(address)), new Data(PTR, name(host), ""));
    }

    public FakeDns txt(String name, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        var out = new ByteArrayOutputStream();
        for (int i = 0; i < bytes.length || i == 0; i += 255) {
            int n = Math.min(255, bytes.length - i);
            out.write(n);
            out.write(bytes, i, n);
        }
        return add(name, new Data(TXT, out.toByteArray(), ""));
    }

    /// Makes a name exist without any record.
    public FakeDns empty(String name) {
        zone.computeIfAbsent(key(name), _ -> new CopyOnWriteArrayList<>());
        return this;
    }

    /// Questions for this name are answered SERVFAIL.
    public FakeDns servfail(String name) {
        troubles.put(key(name), Trouble.SERVER_FAILURE);
        return this;
    }

    /// Questions for this name are not answered at all.
    public FakeDns silent(String name) {
        troubles.put(key(name), Trouble.SILENCE);
        return this;
    }

    /// Answers for this name do not fit into a datagram: they come truncated by UDP, whole by TCP.
    public FakeDns truncated(String name) {
        troubles.put(key(name), Trouble.TRUNCATION);
        return this;
    }

    /// Forgets all that was said of a name.
    public FakeDns remove(String name) {
        zone.remove(key(name));
        troubles.remove(key(name));
        return this;
    }

    @Override
    public void close() {
        udp.close();
        try {
            tcp.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private FakeDns add(String name, Data data) {
        zone.computeIfAbsent(key(name), _ -> new CopyOnWriteArrayList<>()).add(data);
        return this;
    }

    private void serveUdp() {
        byte[] buffer = new byte[4096];
        while (!udp.isClosed()) {
            var packet = new DatagramPacket(buffer, buffer.length);
            try {
                udp.receive(packet);
                byte[] question = Arrays.copyOf(packet.getData(), packet.getLength());
                byte[] answer = answer(question, false);
                if (answer != null) {
                    udp.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                }
            } catch (IOException e) {
                // A broken question, or the end.
            }
        }
    }

    private void serveTcp() {
        while (!tcp.isClosed()) {
            try {
                Socket socket = tcp.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                // The end.
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            var in = new DataInputStream(socket.getInputStream());
            var out = new DataOutputStream(socket.getOutputStream());
            while (true) {
                byte[] question = new byte[in.readUnsignedShort()];
                in.readFully(question);
                byte[] answer = answer(question, true);
                if (answer != null) {
                    var framed = new ByteArrayOutputStream();
                    var frame = new DataOutputStream(framed);
                    frame.writeShort(answer.length);
                    frame.write(answer);
                    out.write(framed.toByteArray());
                    out.flush();
                }
            }
        } catch (IOException e) {
            // The client is done.
        }
    }

    private byte @Nullable [] answer(byte[] message, boolean overTcp) throws IOException {
        Question question = question(message);
        questions.add(typeName(question.type()) + " " + question.name() + (overTcp ? " tcp" : ""));
        Trouble trouble = troubles.get(key(question.name()));
        if (trouble == Trouble.SILENCE) {
            return null;
        }
        if (trouble == Trouble.SERVER_FAILURE) {
            return message(question, SERVFAIL, false, List.of());
        }
        boolean truncate = trouble == Trouble.TRUNCATION && !overTcp;
        var answers = new java.util.ArrayList<Map.Entry<String, Data>>();
        String name = question.name();
        List<Data> records = zone.get(key(name));
        for (int hops = 0; records != null && hops < 20; hops++) {
            String at = name;
            Data alias = null;
            for (Data data : records) {
                if (data.type() == question.type()) {
                    answers.add(Map.entry(at, data));
                } else if (data.type() == CNAME) {
                    alias = data;
                }
            }
            if (alias == null || question.type() == CNAME) {
                break;
            }
            answers.add(Map.entry(at, alias));
            name = alias.target();
            records = zone.get(key(name));
        }
        int code = records == null ? NXDOMAIN : 0;
        return message(question, code, truncate, truncate ? List.of() : answers);
    }

    private byte[] message(
            Question question, int code, boolean truncated, List<Map.Entry<String, Data>> answers)
            throws IOException {
        boolean negative = answers.stream().noneMatch(a -> a.getValue().type() == question.type());
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        out.writeShort(question.id());
        int recursion = question.flags() & 0x0100;
        out.writeShort(0x8080 | recursion | (truncated ? 0x0200 : 0) | code);
        out.writeShort(1);
        out.writeShort(answers.size());
        out.writeShort(negative && !truncated ? 1 : 0);
        out.writeShort(0);
        out.write(name(question.name()));
        out.writeShort(question.type());
        out.writeShort(1);
        for (var answer : answers) {
            record(out, answer.getKey(), answer.getValue().type(), answer.getValue().rdata());
        }
        if (negative && !truncated) {
            record(out, "test", SOA, soa());
        }
        return bytes.toByteArray();
    }

    private void record(DataOutputStream out, String name, int type, byte[] rdata)
            throws IOException {
        out.write(name(name));
        out.writeShort(type);
        out.writeShort(1);
        out.writeInt(ttl);
        out.writeShort(rdata.length);
        out.write(rdata);
    }

    private byte[] soa() throws IOException {
        var bytes = new ByteArrayOutputStream();
        var out = new DataOutputStream(bytes);
        out.write(name("ns.test"));
        out.write(name("hostmaster.test"));
        for (int field : new int[] {1, 3600, 600, 86400, ttl}) {
            out.writeInt(field);
        }
        return bytes.toByteArray();
    }

    private static Question question(byte[] message) throws IOException {
        var in = new DataInputStream(new java.io.ByteArrayInputStream(message));
        int id = in.readUnsignedShort();
        int flags = in.readUnsignedShort();
        if (in.readUnsignedShort() != 1) {
            throw new IOException("not one question");
        }
        in.skipNBytes(6);
        var name = new StringBuilder();
        for (int n = in.readUnsignedByte(); n > 0; n = in.readUnsignedByte()) {
            byte[] label = new byte[n];
            in.readFully(label);
            name.append(name.isEmpty() ? "" : ".")
                    .append(new String(label, StandardCharsets.ISO_8859_1));
        }
        return new Question(id, flags, name.toString(), in.readUnsignedShort());
    }

    private static byte[] name(String name) {
        var out = new ByteArrayOutputStream();
        int start = 0;
        while (start < name.length()) {
            int dot = name.indexOf('.', start);
            int end = dot < 0 ? name.length() : dot;
            out.write(end - start);
            byte[] label = name.substring(start, end).getBytes(StandardCharsets.ISO_8859_1);
            out.write(label, 0, label.length);
            start = end + 1;
        }
        out.write(0);
        return out.toByteArray();
    }

    private static byte[] mxData(int preference, String host) {
        byte[] name = name(host);
        byte[] data = new byte[name.length + 2];
        data[0] = (byte) (preference >> 8);
        data[1] = (byte) preference;
        System.arraycopy(name, 0, data, 2, name.length);
        return data;
    }

    private static byte[] address(String text) {
        return InetAddress.ofLiteral(text).getAddress();
    }

    private static String reverse(byte[] address) {
        var name = new StringBuilder();
        for (int i = address.length - 1; i >= 0; i--) {
            int b = address[i] & 0xff;
            if (address.length == 4) {
                name.append(b).append('.');
            } else {
                name.append(Integer.toHexString(b & 15)).append('.');
                name.append(Integer.toHexString(b >> 4)).append('.');
            }
        }
        return name.append(address.length == 4 ? "in-addr.arpa" : "ip6.arpa").toString();
    }

    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    private static String typeName(int type) {
        return switch (type) {
            case A -> "A";
            case NS -> "NS";
            case CNAME -> "CNAME";
            case SOA -> "SOA";
            case PTR -> "PTR";
            case MX -> "MX";
            case TXT -> "TXT";
            case AAAA -> "AAAA";
            default -> "TYPE" + type;
        };
    }
}
