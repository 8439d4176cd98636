// SPDX-License-Identifier: Apache-2.0

package org.postino.auth;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.postino.sasl.AuthProtocol;
import org.postino.sasl.SaslMechanism;
import org.postino.sasl.SaslProperty;
import org.postino.server.KeptServer;
import org.postino.util.ByteNames;
import org.postino.util.ByteReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One connection, whose peer is either a client that authenticates users, or a master that looks users up.
///
/// The peer's first lines show which of them it is. Some old clients wait for us to speak first, so a peer that stays silent
/// is greeted as a client, and one that said only `VERSION` as a master.
/// One thread reads. Each request that takes time has a virtual thread of its own. Lines go out whole, under a lock.
final class AuthSession implements KeptServer.Session {
    private static final Logger LOG = LoggerFactory.getLogger("auth");

    private final Authenticator authenticator;
    private final ByteReader in;
    private final OutputStream out;
    private final Closeable connection;
    private final Duration patience;
    private final String cookie;
    private final int connectionId;
    private final ClientRequests clients;
    private final MasterRequests masters;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Role greeted; // guarded by lock
    private boolean versionSeen; // guarded by lock
    private int underWay; // guarded by lock
    private boolean draining; // guarded by lock

    private enum Role {
        CLIENT,
        MASTER
    }

    /// @param connection closed to end the session
    /// @param patience the time for which the peer may be silent before we speak first
    AuthSession(
            Authenticator authenticator,
            ByteReader in,
            OutputStream out,
            Closeable connection,
            Duration patience) {
        this.authenticator = authenticator;
        this.in = in;
        this.out = out;
        this.connection = connection;
        this.patience = patience;
        this.connectionId = authenticator.nextConnection();
        this.clients = new ClientRequests(authenticator, this);
        this.masters = new MasterRequests(authenticator, this);
        this.cookie = authenticator.enter(this);
    }

    @Override
    public void run() throws IOException {
        Thread greeter = Thread.ofVirtual().start(this::greetTheSilent);
        try {
            byte[] line = in.readLine(AuthProtocol.MAX_LINE);
            while (line.length > 0 && line[line.length - 1] == '\n') {
                String text = ByteNames.decode(line, 0, line.length - 1);
                if (!handle(AuthProtocol.split(text))) {
                    break;
                }
                line = in.readLine(AuthProtocol.MAX_LINE);
            }
        } catch (IOException e) {
            if (!isEnding()) {
                throw e;
            }
        } finally {
            greeter.interrupt();
            authenticator.leave(cookie);
            clients.abandon();
        }
    }

    @Override
    public boolean isWaiting() {
        lock.lock();
        try {
            return underWay == 0 && clients.isIdle();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void end() {
        lock.lock();
        try {
            draining = true;
            endWhenIdle();
        } finally {
            lock.unlock();
        }
    }

    /// Sends lines. A write that fails is ignored: the reading thread sees the end of the connection, too.
    void send(String lines) {
        lock.lock();
        try {
            out.write(ByteNames.encode(lines));
            out.flush();
        } catch (IOException e) {
            // The reader finds out, too.
        } finally {
            lock.unlock();
        }
    }

    /// Works on a request in a thread of its own, while the session reads on.
    void work(Runnable request) {
        lock.lock();
        try {
            underWay++;
        } finally {
            lock.unlock();
        }
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        request.run();
                    } finally {
                        done();
                    }
                });
    }

    ClientRequests clients() {
        return clients;
    }

    private void done() {
        lock.lock();
        try {
            underWay--;
            endWhenIdle();
        } finally {
            lock.unlock();
        }
    }

    private boolean isEnding() {
        lock.lock();
        try {
            return draining;
        } finally {
            lock.unlock();
        }
    }

    private void endWhenIdle() {
        if (draining && underWay == 0) {
            try {
                connection.close();
            } catch (IOException e) {
                // It is closed, then.
            }
        }
    }

    /// Takes a line; false if it breaks the protocol.
    private boolean handle(List<String> line) {
        return switch (line.getFirst()) {
            case "VERSION" -> version(line);
            case "CPID", "AUTH", "CONT", "CANCEL" -> {
                greet(Role.CLIENT);
                yield clients.handle(line);
            }
            case "USER", "PASS", "LIST", "REQUEST", "CACHE-FLUSH" -> {
                greet(Role.MASTER);
                yield masters.handle(line);
            }
            default -> true; // a command of a later minor version
        };
    }

    private boolean version(List<String> line) {
        lock.lock();
        try {
            versionSeen = true;
        } finally {
            lock.unlock();
        }
        if (line.size() > 1 && line.get(1).equals(Integer.toString(AuthProtocol.MAJOR))) {
            return true;
        }
        LOG.warn("peer speaks another version of the protocol: {}", line.subList(1, line.size()));
        return false;
    }

    private void greetTheSilent() {
        try {
            Thread.sleep(patience);
            lock.lock();
            try {
                greet(versionSeen ? Role.MASTER : Role.CLIENT);
            } finally {
                lock.unlock();
            }
        } catch (InterruptedException e) {
            // The session is over.
        }
    }

    /// Sends our greeting, unless the peer has had it.
    private void greet(Role role) {
        lock.lock();
        try {
            if (greeted == role || greeted == Role.CLIENT) {
                return;
            }
            greeted = role;
            send(role == Role.CLIENT ? clientGreeting() : masterGreeting());
        } finally {
            lock.unlock();
        }
    }

    private static String masterGreeting() {
        return AuthProtocol.join(List.of("VERSION", "1", "1")) + spid();
    }

    private String clientGreeting() {
        var text = new StringBuilder(AuthProtocol.join(List.of("VERSION", "1", "2")));
        for (SaslMechanism mechanism : authenticator.mechanisms()) {
            var fields = new ArrayList<>(List.of("MECH", mechanism.name()));
            for (SaslProperty property : SaslProperty.values()) {
                if (mechanism.properties().contains(property)) {
                    fields.add(property.word());
                }
            }
            text.append(AuthProtocol.join(fields));
        }
        return text.append(spid())
                .append(AuthProtocol.join(List.of("CUID", Integer.toString(connectionId))))
                .append(AuthProtocol.join(List.of("COOKIE", cookie)))
                .append("DONE\n")
                .toString();
    }

    private static String spid() {
        return AuthProtocol.join(List.of("SPID", Long.toString(ProcessHandle.current().pid())));
    }
}
