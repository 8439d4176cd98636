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
/// A client sends one line, gets lines, then `ok` or `failed`, then the end; only `log` lines may be many. Who may open the
/// socket file may command: master's own user, and root.
final class ControlSocket {
    private final ListenSocket socket;
    private final List<Client> clients = new ArrayList<>();

    ControlSocket(Path queueDirectory) throws IOException {
        socket = ListenSocket.unix(path(queueDirectory), "rw-------", 16);
    }

    /// Takes over the open socket of the master before us.
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

        /// Sends the answer and hangs up.
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

    /// The requests of a client that have come in by now.
    List<String> requests(Client client, byte[] buffer) throws IOException {
        int n = client.fd.read(buffer);
        if (n < 0) {
            client.ended = true;
        }
        return n > 0 ? client.lines.add(buffer, n) : List.of();
    }

    /// Whether a client will send no more.
    static boolean hasEnded(Client client) {
        return client.ended;
    }

    /// The client has had its answer, or waits for it elsewhere.
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
