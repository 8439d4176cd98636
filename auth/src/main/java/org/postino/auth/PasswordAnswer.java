// SPDX-License-Identifier: Apache-2.0

package org.postino.auth;

import java.io.IOException;
import java.util.Locale;
import org.postino.ipc.IpcConnection;
import org.postino.ipc.Message;
import org.postino.ipc.ProtocolException;

/// The answer of auth-worker(8) to a [PasswordCheck].
///
/// @param reason for the log, never for the client
public record PasswordAnswer(Verdict verdict, String reason) {
    private static final String CHECKED = "checked";
    private static final int MAX_REASON = 300;

    public enum Verdict {
        RIGHT,
        WRONG,
        /// No password is accepted for now: the account is locked, or there were too many wrong ones.
        LOCKED,
        UNKNOWN_USER,
        /// The password was right, but must be changed before it can be used.
        PASSWORD_EXPIRED,
        /// The password was right, but the account has expired.
        ACCOUNT_EXPIRED,
        /// Nothing is known about the password; the client may try again later.
        UNDECIDED
    }

    public PasswordAnswer {
        reason = reason.length() > MAX_REASON ? reason.substring(0, MAX_REASON) : reason;
    }

    public static PasswordAnswer undecided(String reason) {
        return new PasswordAnswer(Verdict.UNDECIDED, reason);
    }

    /// Sends the answer.
    public void send(IpcConnection c) throws IOException {
        c.send(
                Message.of(CHECKED)
                        .with("verdict", verdict.name().toLowerCase(Locale.ROOT))
                        .with("reason", reason)
                        .build());
    }

    static PasswordAnswer receive(IpcConnection c) throws IOException {
        Message m = c.receive();
        if (m == null || !m.request().equals(CHECKED)) {
            throw new ProtocolException(m == null ? "connection lost" : "unexpected answer");
        }
        try {
            var verdict = Verdict.valueOf(m.text("verdict").toUpperCase(Locale.ROOT));
            return new PasswordAnswer(verdict, m.text("reason"));
        } catch (IllegalArgumentException e) {
            throw new ProtocolException("unknown verdict");
        }
    }
}
