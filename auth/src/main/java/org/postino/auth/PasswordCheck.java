// SPDX-License-Identifier: Apache-2.0

package org.postino.auth;

import java.io.IOException;
import java.util.Arrays;
import org.postino.ipc.IpcConnection;
import org.postino.ipc.IpcRecord;
import org.postino.ipc.Message;
import org.postino.ipc.ProtocolException;

/// A question of auth(8) to auth-worker(8): is this the password of that account of the system?
///
/// On the wire it is a `P` record with the password, then a message with the rest. So the password is in no text of the
/// message, and both sides can wipe it.
///
/// @param database `pam` or `shadow`
/// @param pamService the service file of PAM; empty for `shadow`
/// @param user the login name
/// @param remoteAddress the client's, or empty
/// @param password bytes as the client sent them, at most [#MAX_PASSWORD]; [#wipe()] when done
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record PasswordCheck(
        String database, String pamService, String user, String remoteAddress, byte[] password) {
    public static final String PAM = "pam";
    public static final String SHADOW = "shadow";

    /// The longest password, in bytes, that PAM and crypt(3) take; a longer one is never asked for.
    public static final int MAX_PASSWORD = 511;

    private static final String CHECK = "check";
    private static final int SECRET = 'P';
    private static final int MAX_TEXT = 512;

    /// Sends the question.
    void send(IpcConnection c) throws IOException {
        c.sendRecord(SECRET, password);
        c.send(
                Message.of(CHECK)
                        .with("database", database)
                        .with("pam_service", pamService)
                        .with("user", user)
                        .with("remote_address", remoteAddress)
                        .build());
    }

    /// Receives a question that has begun to arrive, as [IpcConnection#awaitRecord()] tells.
    ///
    /// @throws ProtocolException the peer sent something else, or a text longer than allowed
    public static PasswordCheck receive(IpcConnection c) throws IOException {
        IpcRecord secret = c.receiveRecord();
        if (secret.type() != SECRET || secret.data().length > MAX_PASSWORD) {
            throw new ProtocolException("expected a password");
        }
        Message m = c.receive();
        if (m == null || !m.request().equals(CHECK)) {
            throw new ProtocolException("expected a " + CHECK + " message");
        }
        return new PasswordCheck(
                text(m, "database"),
                text(m, "pam_service"),
                text(m, "user"),
                text(m, "remote_address"),
                secret.data());
    }

    private static String text(Message m, String name) throws ProtocolException {
        String text = m.text(name);
        if (text.length() > MAX_TEXT || text.indexOf('\0') >= 0) {
            throw new ProtocolException(name + " is not acceptable");
        }
        return text;
    }

    /// Overwrites the password.
    public void wipe() {
        Arrays.fill(password, (byte) 0);
    }

    @Override
    public String toString() {
        return database + " check of " + user;
    }
}
