// SPDX-License-Identifier: Apache-2.0

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A name server for the training run, so that the classes that ask one get into the archive. It knows one client: its
/// address has the name client.train.test and the other way round; no other name exists.
final class TrainingDns implements AutoCloseable {
    static final String CLIENT = "127.0.0.2";
    private static final byte[] ADDRESS = {127, 0, 0, 2};
    private static final byte[] NAME = "\6client\5train\4test\0".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADER = 12;
    private static final int A = 1;
    private static final int PTR = 12;
    private final DatagramSocket socket;

    TrainingDns() throws IOException {
        socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::serve);
    }

    /// `127.0.0.1:PORT`.
    String address() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    private void serve() {
        while (!socket.isClosed()) {
            try {
                var packet = new DatagramPacket(new byte[1500], 1500);
                socket.receive(packet);
                byte[] answer = answer(Arrays.copyOf(packet.getData(), packet.getLength()));
                socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            } catch (IOException e) {
                // The end, or a question without an asker.
            }
        }
    }

    private static byte[] answer(byte[] question) {
        int end = HEADER;
        while (question[end] != 0) {
            end += question[end] + 1;
        }
        int type = question[end + 2];
        byte[] data = type == PTR ? NAME : type == A ? ADDRESS : new byte[0];
        var out = new ByteArrayOutputStream();
        out.write(question, 0, 2);
        // an answer, or NXDOMAIN; one question, as many records as there are
        out.writeBytes(new byte[] {(byte) 0x81, (byte) (data.length == 0 ? 0x83 : 0x80), 0, 1, 0});
        out.write(data.length == 0 ? 0 : 1);
        out.writeBytes(new byte[4]);
        out.write(question, HEADER, end + 5 - HEADER);
        if (data.length > 0) {
            out.writeBytes(new byte[] {(byte) 0xc0, HEADER, 0, (byte) type, 0, 1, 0, 0, 0, 60, 0, (byte) data.length});
            out.writeBytes(data);
        }
        return out.toByteArray();
    }

    @Override
    public void close() {
        socket.close();
    }
}
