// SPDX-License-Identifier: Apache-2.0

package org.postino.server;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postino.linux.PeerUser;
import org.postino.log.Trace;
import org.postino.util.ByteReader;

/// A client's connection, TCP or Unix, for blocking use by one virtual thread.
public interface Connection extends Closeable {
    /// The bytes that the client sends; the same object for the whole life of the connection.
    ByteReader in();

    /// True if the other end has sent what nobody has read yet. One that speaks only when it is asked has said too much then. Never waits.
    /// What has come within TLS is not seen.
    boolean inputWaits() throws IOException;

    /// True if the other end sends something within a time, or leaves: then a read does not wait. Waits on the caller's thread. On a Unix
    /// socket only what has come is seen.
    boolean inputWithin(Duration time) throws IOException;

    /// The bytes that we send, buffered: flush before waiting for the client. The same object for the whole life of the connection.
    OutputStream out();

    /// The client's address; null on a Unix socket.
    @Nullable InetSocketAddress peer();

    /// Our address; null on a Unix socket.
    @Nullable InetSocketAddress local();

    /// The user at the other end of a Unix socket.
    Optional<PeerUser> peerUser();

    /// Sets the time that [#in()] may wait from now on before it throws a [java.net.SocketTimeoutException]; zero: for ever.
    void readTimeout(Duration d) throws IOException;

    /// By when, from now on, the client must have done what it is to do: say a line, log in, shake hands in [#upgrade]. Its
    /// bytes may trickle, and we may write what it does not take: afterwards [#in()] throws a
    /// [java.net.SocketTimeoutException], there is a short while for last words, and then the connection is closed under
    /// whoever still uses it. Replaces the deadline before; zero: none.
    void deadline(Duration d);

    /// Says whether the client has shown that it is to be served: it has logged in, or is handing over a message. As long as it has
    /// not, its connection makes room for others when the daemon has no more places, or when there are too many of its kind from
    /// one address: [#in()] is at its end then.
    void known(boolean known);

    /// Reads the header that a proxy sends first, before anything else is read: [#peer()] and [#local()] are the client's ends
    /// from then on, if the proxy names them.
    ///
    /// @throws ProxyHeaderException what comes is not such a header
    /// @throws java.io.EOFException the other end left before it was complete
    void readProxyHeader() throws IOException;

    /// True if [#upgrade] was done.
    boolean secured();

    /// Goes on over TLS. What was read ahead is thrown away (RFC 3207, 4.2), what was not yet flushed is sent before.
    void upgrade(SocketLayer layer) throws IOException;

    /// Acknowledges at once what the client has sent, without waiting for something to send along: a client that has sent one
    /// small piece may hold the next one back until then. A hint; does nothing where the system has no such thing.
    default void acknowledge() {}

    /// The trace id of this session.
    String trace();

    /// A connection over a socket, for clients and tests.
    static Connection of(Socket socket) throws IOException {
        return new SocketConnection(socket, Trace.next());
    }

    /// Makes a connection over a channel, TCP or Unix.
    static Connection of(SocketChannel channel) throws IOException {
        return SocketConnection.over(channel, Trace.next());
    }
}
