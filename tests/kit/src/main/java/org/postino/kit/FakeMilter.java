// SPDX-License-Identifier: Apache-2.0

package org.postino.kit;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// A mail filter for tests, which speaks the milter protocol by hand: it notes what it is told, and answers each event as a script says.
///
/// A packet of a script is a letter and data, a byte a character. `CLOSE` closes the connection instead, `SILENCE` sends nothing more, and
/// what begins with `RAW` is sent as it stands behind that.
public final class FakeMilter implements Closeable {
    private static final Map<Character, Integer> SILENT =
            Map.of(
                    'C', 0x1000, 'H', 0x2000, 'M', 0x4000, 'R', 0x8000, 'T', 0x1_0000, 'U',
                    0x2_0000, 'N', 0x4_0000, 'B', 0x8_0000, 'L', 0x80);

    private final ServerSocket socket;
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final Map<Character, List<String>> script = new ConcurrentHashMap<>();

    /// The events in order: the letter, then the data with `|` for each NUL; of a body the length is kept alone if it is long.
    public final List<String> events = new CopyOnWriteArrayList<>();

    /// The macros in order, as events.
    public final List<String> macros = new CopyOnWriteArrayList<>();

    /// The bits of its wishes (`SMFIP_...`).
    public volatile int steps;

    /// The data behind the steps in its answer to the offer.
    public volatile String lists = "";

    public volatile int version = 6;

    public FakeMilter() throws IOException {
        socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    /// `inet:127.0.0.1:PORT`.
    public String place() {
        return "inet:127.0.0.1:" + socket.getLocalPort();
    }

    /// Answers an event with these packets from now on; without that, `c`.
    public FakeMilter on(char event, String... packets) {
        script.put(event, List.of(packets));
        return this;
    }

    /// The data of a packet about a field: `i`, `m`.
    public static String field(char letter, int index, String name, String value) {
        var number = ByteBuffer.allocate(4).putInt(index).array();
        return letter
                + new String(number, StandardCharsets.ISO_8859_1)
                + name
                + "\0"
                + value
                + "\0";
    }

    private void accept() {
        try {
            while (true) {
                Socket one = socket.accept();
                open.add(one);
                Thread.ofVirtual().start(() -> serve(one));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(Socket one) {
        try (one) {
            var in = new DataInputStream(one.getInputStream());
            // A write for each piece of an answer would wait for the other side's delayed ACK.
            OutputStream out = new BufferedOutputStream(one.getOutputStream());
            boolean more = true;
            while (more) {
                byte[] packet = new byte[in.readInt()];
                in.readFully(packet);
                more = take(packet, out);
            }
        } catch (IOException e) {
            events.add("closed");
        }
    }

    private boolean take(byte[] packet, OutputStream out) throws IOException {
        char letter = (char) packet[0];
        String text = new String(packet, 1, packet.length - 1, StandardCharsets.ISO_8859_1);
        if (letter == 'O') {
            return answer(out, script.getOrDefault('O', List.of(offer())));
        }
        String shown = text.length() > 500 ? text.length() + " bytes" : text.replace('\0', '|');
        if (letter == 'D') {
            macros.add(shown);
            return true;
        }
        events.add(letter + " " + shown);
        boolean silent =
                "AQK".indexOf(letter) >= 0 || (steps & SILENT.getOrDefault(letter, 0)) != 0;
        return letter != 'Q' && (silent || answer(out, script.getOrDefault(letter, List.of("c"))));
    }

    private String offer() {
        var data = ByteBuffer.allocate(12).putInt(version).putInt(0x1ff).putInt(steps).array();
        return "O" + new String(data, StandardCharsets.ISO_8859_1) + lists;
    }

    private static boolean answer(OutputStream out, List<String> packets) throws IOException {
        boolean goesOn = true;
        for (String packet : packets) {
            goesOn = !packet.equals("CLOSE");
            if (!goesOn || packet.equals("SILENCE")) {
                break;
            }
            byte[] bytes = packet.getBytes(StandardCharsets.ISO_8859_1);
            if (packet.startsWith("RAW")) {
                out.write(bytes, 3, bytes.length - 3);
            } else {
                out.write(ByteBuffer.allocate(4).putInt(bytes.length).array());
                out.write(bytes);
            }
        }
        out.flush();
        return goesOn;
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (Socket one : open) {
            one.close();
        }
    }
}
