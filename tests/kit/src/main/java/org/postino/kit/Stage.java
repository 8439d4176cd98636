// SPDX-License-Identifier: Apache-2.0

package org.postino.kit;

import java.io.IOException;
import java.net.Socket;
import java.util.List;

/// The place where a conversation file is played: one program in this JVM, or a whole instance of real processes.
public interface Stage extends AutoCloseable {
    /// A `param` line; all of them come before the first connection.
    void param(String name, String value) throws IOException;

    /// A new connection to the server under test.
    Socket connect() throws IOException;

    /// The client side of a TLS session over `plain`; any certificate will do.
    default Socket tls(Socket plain) throws IOException {
        return TrustingTls.over(plain);
    }

    /// The text of every event logged so far, without time, host and program.
    List<String> log() throws IOException;

    /// A line whose first word the runner does not know (`queue: empty`, `user: bob secret`); the word comes without its colon.
    void directive(String word, String argument) throws IOException;

    @Override
    void close() throws IOException;
}
