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
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A name server's port, over UDP and TCP. Asks somebody else for the answers.
final class DnsPort implements Closeable {
    private final DatagramSocket udp;
    private final ServerSocket tcp;
    private final Answers answers;

    /// Knows the answers.
    interface Answers {
        /// The answer to a message; null if there shall be none.
        byte @Nullable [] answer(byte[] message, boolean overTcp, InetAddress client)
                throws IOException;
    }

    private DnsPort(DatagramSocket udp, ServerSocket tcp, Answers answers) {
        this.udp = udp;
        this.tcp = tcp;
        this.answers = answers;
    }

    /// Opens a port; 0 for a free one.
    static DnsPort open(InetSocketAddress address, Answers answers) throws IOException {
        for (int attempt = 0; ; attempt++) {
            var udp = new DatagramSocket(address);
            try {
                var tcp = new ServerSocket(udp.getLocalPort(), 20, address.getAddress());
                var port = new DnsPort(udp, tcp, answers);
                Thread.ofVirtual().name("dns-udp").start(port::serveUdp);
                Thread.ofVirtual().name("dns-tcp").start(port::serveTcp);
                return port;
            } catch (BindException e) {
                udp.close();
                if (address.getPort() != 0 || attempt == 20) {
                    throw e;
                }
            }
        }
    }

    InetSocketAddress address() {
        return new InetSocketAddress(udp.getLocalAddress(), udp.getLocalPort());
    }

    private void serveUdp() {
        byte[] buffer = new byte[4096];
        while (!udp.isClosed()) {
            var packet = new DatagramPacket(buffer, buffer.length);
            try {
                udp.receive(packet);
                byte[] question = Arrays.copyOf(packet.getData(), packet.getLength());
                byte[] answer = answers.answer(question, false, packet.getAddress());
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
                byte[] answer = answers.answer(question, true, socket.getInetAddress());
                if (answer != null) {
                    var frame = new ByteArrayOutputStream();
                    frame.write(answer.length >> 8);
                    frame.write(answer.length);
                    frame.write(answer);
                    out.write(frame.toByteArray());
                    out.flush();
                }
            }
        } catch (IOException e) {
            // The client is done.
        }
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
}
