// SPDX-License-Identifier: Apache-2.0

package org.postino.kit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// A conversation with a mail server, shown as it happens: `Talk ADDRESS PORT [FROM]`, the lines to say on standard input.
///
/// `C: text` is sent, `S: prefix` waits for a whole reply and says whether it begins like that, `TLS` encrypts.
final class Talk {
    private final Wire wire;

    private Talk(Wire wire) {
        this.wire = wire;
    }

    private void step(String line) throws IOException {
        if (line.equals("TLS")) {
            show("   (from here on encrypted)");
            wire.upgrade(TrustingTls.over(wire.socket()));
        } else if (line.startsWith("S:")) {
            hear(line.substring(2).strip());
        } else if (line.startsWith("C:")) {
            String text = line.startsWith("C: ") ? line.substring(3) : line.substring(2);
            show("C: " + text);
            wire.send(text + "\r\n");
        } else if (!line.isBlank()) {
            throw new IOException("neither C: nor S: nor TLS: " + line);
        }
    }

    private void hear(String prefix) throws IOException {
        String line;
        do {
            line = wire.line();
            if (line == null) {
                throw new IOException("the server hung up, expected " + prefix);
            }
            show("S: " + line);
        } while (line.length() > 3 && line.charAt(3) == '-');
        if (!line.startsWith(prefix)) {
            throw new IOException("expected " + prefix);
        }
    }

    private static void show(String line) {
        System.out.println(line);
    }

    private static Socket connect(String... args) throws IOException {
        var server = InetAddress.ofLiteral(args[0]);
        int port = Integer.parseInt(args[1]);
        return args.length == 2
                ? new Socket(server, port)
                : new Socket(server, port, InetAddress.ofLiteral(args[2]), 0);
    }

    /// Ends with status 1 if the conversation went otherwise than expected.
    public static void main(String[] args) {
        var script = new InputStreamReader(System.in, StandardCharsets.UTF_8);
        try (var lines = new BufferedReader(script);
                var socket = connect(args);
                var wire = new Wire(socket)) {
            var talk = new Talk(wire);
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                talk.step(line);
            }
        } catch (IOException e) {
            show("   (" + e.getMessage() + ")");
            System.exit(1);
        }
    }
}
