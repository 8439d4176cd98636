// SPDX-License-Identifier: Apache-2.0

package org.postino.kit;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// An auth(8) that answers everything with one more challenge, and notes what it is told.
public final class Challenger implements Closeable {
    private final ServerSocketChannel server;
    private final List<String> heard = new CopyOnWriteArrayList<>();

    public Challenger(Path socket) throws IOException {
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        Thread.ofVirtual().start(this::serve);
    }

    private void serve() {
        try (SocketChannel client = server.accept();
                var in =
                        new BufferedReader(
                                new InputStreamReader(
                                        Channels.newInputStream(client), StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                heard.add(line);
                String[] words = line.split("\t", -1);
                if (words[0].equals("AUTH") || words[0].equals("CONT")) {
                    String answer = "CONT\t" + words[1] + "\t\n";
                    client.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.UTF_8)));
                }
            }
        } catch (IOException e) {
            // closed
        }
    }

    /// The number of lines of a kind that have come.
    public long heard(String word) {
        return heard.stream().filter(line -> line.startsWith(word + "\t")).count();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
