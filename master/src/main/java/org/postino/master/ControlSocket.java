// SPDX-License-Identifier: Apache-2.0

package org.postino.master;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.postino.linux.ListenSocket;
import org.postino.linux.NativeFd;

/// The socket `private/master`, over which `postino status`, `reload` and `stop` speak with master.
///
/// A client sends one line and gets lines, then `ok` or `failed`, then the end. Only `log` lines may be many. A client commands
/// master if it may open the socket's file: master's own user, and root.
final class ControlSocket {
    private final ListenSocket socket;
    private final List<Client> clients = new ArrayList<>();

    ControlSocket(Path queueDirectory) throws IOException {
        socket = ListenSocket.unix(path(queueDirectory), "rw-------", 16);
    }

    /// Takes over the open socket of the master before this one.
    ControlSocket(Path queueDirectory, NativeFd inherited) {
        socket = ListenSocket.inherited(inherited, path(queueDirectory));
    }

    private static Path path(Path queueDirectory) {
        return queueDirectory.resolve("private").resolve("master");
    }

    /// One command that waits for its answer.
    static final class Client {
        private final NativeFd fd;
        private final LineBuffer lines = new LineBuffer();
        private boolean ended;

        private Client(NativeFd fd) {
            this.fd = fd;
        }

        NativeFd fd() {
            return fd;
        }

        /// Sends the answer and closes the connection.
        void answer(List<String> text, boolean ok) {
            var all = new StringBuilder();
            for (String line : text) {
                all.append(line.replace('\n', ' ')).append('\n');
            }
            all.append(ok ? "ok\n" : "failed\n");
            fd.write(all.toString().getBytes(StandardCharsets.UTF_8));
            fd.close();
        }
    }

    NativeFd fd() {
        return socket.fd();
    }

    List<Client> clients() {
        return List.copyOf(clients);
    }

    void accept() throws IOException {
        clients.add(new Client(socket.fd().accept()));
    }

    /// Reads the requests of a client that have arrived.
    List<String> requests(Client client, byte[] buffer) throws IOException {
        int n = client.fd.read(buffer);
        if (n < 0) {
            client.ended = true;
        }
        return n > 0 ? client.lines.add(buffer, n) : List.of();
    }

    /// True if a client has closed its side and will send no more.
    static boolean hasEnded(Client client) {
        return client.ended;
    }

    /// Removes a client that is answered, or whose answer comes from another place. Does not close it.
    void forget(Client client) {
        clients.remove(client);
    }

    void close() throws IOException {
        for (Client client : clients) {
            client.fd.close();
        }
        socket.close();
    }
}
