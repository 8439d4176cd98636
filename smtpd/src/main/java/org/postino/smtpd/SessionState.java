// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.postino.message.Address;
import org.postino.tls.TlsSession;

/// The state of a session: who the client is, what it has said, and the message under way. Owned by the session's thread.
final class SessionState {
    /// The client itself, or the one for which a proxy speaks.
    Client client;

    final String trace;

    /// Our end of the connection; null on a Unix socket.
    @Nullable InetSocketAddress server;

    /// The last command, as log lines name it: `lost connection after RCPT`.
    String where = "CONNECT";

    @Nullable String helo;
    boolean esmtp;
    @Nullable Login login;
    boolean secured;
    @Nullable TlsSession tls;

    /// The domain that ETRN is about, while it is carried out.
    @Nullable String etrnDomain;

    /// Set once the client has sent ahead where it must wait (RFC 2920, 3.1).
    boolean sentAhead;

    /// Set if `smtpd_forbid_bare_newline` does not apply to the client.
    boolean bareNewlineExempt;

    @Nullable Transaction transaction;

    /// The client of a content filter's message, for the next transaction or the one under way; null if the client itself brings it.
    @Nullable ForwardedClient forwarded;

    /// The progress of a message in chunks (BDAT).
    Chunks chunks = Chunks.NONE;

    /// The answers before a transaction began, for all that follow (without `smtpd_delay_reject`).
    Disposition standing = new Disposition();

    /// Those of them that came when the client connected, of which it is not asked again.
    Disposition atConnect = new Disposition();

    /// Hears of the end of each transaction.
    Runnable atEnd = () -> {};

    private int messages;

    enum Chunks {
        NONE,
        RUNNING,
        /// One was refused: the others are read and thrown away.
        FAILED
    }

    SessionState(Client client, @Nullable InetSocketAddress server, String trace) {
        this.client = client;
        this.server = server;
        this.trace = trace;
    }

    /// `SMTP` or `ESMTP`, with `S` for encrypted and `A` for authenticated in Received: fields (RFC 3848).
    String protocol() {
        return esmtp ? "ESMTP" : "SMTP";
    }

    /// The facts as a policy sees them, with this recipient.
    Facts facts(@Nullable Address recipient) {
        Transaction t = transaction;
        return new Facts(
                client,
                helo,
                protocol(),
                t == null ? null : t.sender(),
                recipient,
                login,
                t == null ? Transaction.NO_QUEUE : t.queueIdText(),
                secured,
                sentAhead,
                t == null ? 0 : t.recipientCount(),
                server,
                tls,
                etrnDomain,
                t == null ? Facts.OfMessage.NONE : t.facts());
    }

    /// A text for the next message that no other has.
    String nextInstance() {
        messages++;
        return trace + "." + messages;
    }

    /// True if the client has logged in, or has a recipient accepted in this transaction.
    boolean isKnown() {
        Transaction t = transaction;
        return login != null || (t != null && t.recipientCount() > 0);
    }

    /// As if the client had just been greeted: after STARTTLS (RFC 3207, 4.2) and XCLIENT.
    void forget() {
        helo = null;
        esmtp = false;
        login = null;
        standing = atConnect.copy();
        endTransaction();
    }

    /// A message in chunks has failed before its last one: nothing of it is kept, and it lasts until that one comes.
    void abandonChunks() {
        chunks = Chunks.FAILED;
        Transaction t = transaction;
        if (t != null) {
            t.close();
        }
    }

    void endTransaction() {
        Transaction t = transaction;
        transaction = null;
        forwarded = null;
        chunks = Chunks.NONE;
        if (t != null) {
            t.close();
            atEnd.run();
        }
    }
}
