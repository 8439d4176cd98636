// SPDX-License-Identifier: Apache-2.0

package org.postino.imapd;

import java.io.Closeable;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.postino.imap.Enabled;
import org.postino.imap.ImapFraming;
import org.postino.imap.ImapWriter;
import org.postino.login.Account;
import org.postino.login.Accounts;
import org.postino.login.Login;
import org.postino.login.SessionLog;
import org.postino.mailstore.MailStore;
import org.postino.mailstore.Mailbox;
import org.postino.server.Connection;

/// The state of one client's session: connection, user, selected mailbox. What commands work on; [Dispatcher] drives it.
final class ImapSession implements Closeable {
    private static final int LITERAL = 1 << 16;
    private static final int COMMAND_LITERALS = 1 << 20;
    private static final long SKIP = 64L << 20;

    /// The largest ID that a client may send, 30 pairs of 30 and 1024 octets, is allowed (RFC 2971, 3.3).
    private static final ImapFraming.Limits STRANGER =
            new ImapFraming.Limits(40_000, 4096, 40_000, 1 << 20);

    private final Connection connection;
    private final ImapdSettings settings;
    private final Clock clock;
    private final BooleanSupplier draining;
    private final ImapFraming framing;
    private final ImapWriter out;
    private final ResponseWriter responses;
    private final SessionLog log;
    private final Login login;
    private final ReadTimeout readTimeout;
    private final CompressionSwitch compression;
    private final SessionCounts counts = new SessionCounts();
    private final Enabled enabled = new Enabled();
    private final AwaitedChanges awaited = new AwaitedChanges(this);
    private @Nullable Account account;
    private @Nullable MailStore store;
    private @Nullable Selected selected;
    private boolean logout;
    private boolean upgradeNext;
    private @Nullable String farewell;
    private String tag = "";

    ImapSession(
            Connection connection,
            ImapdSettings settings,
            Accounts accounts,
            Clock clock,
            BooleanSupplier draining)
            throws IOException {
        this.connection = connection;
        this.settings = settings;
        this.clock = clock;
        this.draining = draining;
        this.out = new ImapWriter(connection.out());
        this.responses = new ResponseWriter(out);
        this.log = new SessionLog(Imapd.SERVICE, connection);
        this.login = new Login(Imapd.SERVICE, connection, settings.login(), accounts, log);
        this.readTimeout = new ReadTimeout(connection, settings.timeout());
        this.framing = new ImapFraming(connection.in(), new Waiting(), STRANGER);
        this.compression = new CompressionSwitch(connection, framing, out);
    }

    Connection connection() {
        return connection;
    }

    ImapdSettings settings() {
        return settings;
    }

    Clock clock() {
        return clock;
    }

    ImapFraming framing() {
        return framing;
    }

    ImapWriter out() {
        return out;
    }

    ResponseWriter responses() {
        return responses;
    }

    Login login() {
        return login;
    }

    ReadTimeout readTimeout() {
        return readTimeout;
    }

    SessionLog log() {
        return log;
    }

    SessionCounts counts() {
        return counts;
    }

    Enabled enabled() {
        return enabled;
    }

    AwaitedChanges awaited() {
        return awaited;
    }

    boolean draining() {
        return draining.getAsBoolean();
    }

    /// The tag of the command that runs.
    String tag() {
        return tag;
    }

    void tag(String current) {
        tag = current;
    }

    ImapCommand.State state() {
        if (logout) {
            return ImapCommand.State.LOGOUT;
        }
        if (account == null) {
            return ImapCommand.State.NOT_AUTHENTICATED;
        }
        return selected == null ? ImapCommand.State.AUTHENTICATED : ImapCommand.State.SELECTED;
    }

    /// The connection goes over to TLS as soon as the answer is sent.
    void upgradeNext() {
        upgradeNext = true;
    }

    boolean takeUpgrade() {
        boolean wanted = upgradeNext;
        upgradeNext = false;
        return wanted;
    }

    CompressionSwitch compression() {
        return compression;
    }

    /// The session ends with a BYE of this text as soon as the answer is sent.
    void endAfterwards(String text) {
        farewell = text;
    }

    @Nullable String farewell() {
        return farewell;
    }

    void logout() {
        logout = true;
    }

    void send(Untagged response) throws IOException {
        responses.untagged(response);
    }

    /// The capabilities that hold now.
    List<String> capabilities() {
        return account == null
                ? ImapCapabilities.ofStrangers(
                        !connection.secured() && settings.login().offersTls(),
                        login.mechanisms(),
                        login.cleartextAllowed())
                : ImapCapabilities.ofUsers(settings);
    }

    /// The client has logged in.
    void enter(Account opened) {
        account = opened;
        store = NamespaceStore.of(opened.store(), settings.namespacePrefix());
        readTimeout.passed();
        framing.limits(new ImapFraming.Limits(settings.maxLine(), LITERAL, COMMAND_LITERALS, SKIP));
    }

    /// The client is nobody again, and may log in as another user (RFC 8437).
    void leave() throws IOException {
        awaited.close();
        deselect();
        var mail = account;
        account = null;
        store = null;
        enabled.clear();
        out.speak(enabled.dialect());
        compression.want(false);
        framing.limits(STRANGER);
        readTimeout.again();
        login.again();
        if (mail != null) {
            log.ended(
                    mail.user(),
                    "Unauthenticated",
                    counts.summary(framing.consumed(), out.produced()));
            mail.close();
        }
    }

    @Nullable String user() {
        return account == null ? null : account.user();
    }

    MailStore store() {
        if (store == null) {
            throw new IllegalStateException("not logged in");
        }
        return store;
    }

    /// The selected mailbox; the dispatcher has seen to it that there is one.
    Selected selected() {
        if (selected == null) {
            throw new IllegalStateException("nothing selected");
        }
        return selected;
    }

    Selected select(Mailbox mailbox) {
        selected = new Selected(this, mailbox);
        return selected;
    }

    void deselect() throws IOException {
        var before = selected;
        selected = null;
        if (before != null) {
            before.mailbox().close();
        }
    }

    @Override
    public void close() throws IOException {
        var mail = account;
        awaited.close();
        try {
            deselect();
        } finally {
            compression.close();
            if (mail != null) {
                mail.close();
            }
        }
    }

    /// The work that is due while the client is waited for.
    private final class Waiting implements ImapFraming.Client {
        @Override
        public void request() throws IOException {
            responses.continuation("OK");
        }

        /// Nobody waits for the client with an answer still in the buffer. Another thread that reads does not write.
        @Override
        public void beforeRead() throws IOException {
            if (!readTimeout.isApart() && out.hasPending()) {
                out.flush();
            }
            readTimeout.beforeRead();
        }

        @Override
        public void received() {
            connection.acknowledge();
        }
    }
}
