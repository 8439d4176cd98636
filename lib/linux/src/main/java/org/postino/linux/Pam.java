// SPDX-License-Identifier: Apache-2.0

package org.postino.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The system's pluggable authentication modules.
///
/// Modules are foreign code that runs in this process: they may take long, or never return, and one that crashes takes
/// the process along.
public final class Pam {
    // security/_pam_types.h
    private static final int SUCCESS = 0;
    private static final int AUTH_ERR = 7;
    private static final int PERM_DENIED = 6;
    private static final int CRED_INSUFFICIENT = 8;
    private static final int USER_UNKNOWN = 10;
    private static final int MAX_TRIES = 11;
    private static final int NEW_AUTHTOK_REQUIRED = 12;
    private static final int ACCT_EXPIRED = 13;
    private static final int CRED_EXPIRED = 16;
    private static final int AUTHTOK_EXPIRED = 27;
    private static final int ITEM_TTY = 3;
    private static final int ITEM_RHOST = 4;
    private static final int ITEM_FAIL_DELAY = 10;
    private static final int DISALLOW_NULL_AUTHTOK = 1;

    // syslog.h
    private static final int LOG_PID = 1;
    private static final int LOG_AUTHPRIV = 10 << 3;

    private static final NativeLibrary LIBRARY = new NativeLibrary("libpam.so.0", "libpam0g");

    private Pam() {}

    /// The decision of the modules.
    public enum Verdict {
        RIGHT,
        WRONG,
        UNKNOWN_USER,
        /// The password was right, but is too old.
        PASSWORD_EXPIRED,
        /// The password was right, but the account may not be used, or not any more.
        ACCOUNT_EXPIRED,
        /// The modules could not do their work.
        UNDECIDED
    }

    /// A verdict, and why.
    ///
    /// @param words PAM's own
    /// @param said what modules would have shown to the user; often nothing
    public record Outcome(Verdict verdict, String words, String said) {
        @Override
        public String toString() {
            return said.isEmpty() ? words : words + " (" + said + ")";
        }
    }

    /// The name and process id under which modules write to the system's log from now on.
    public static void logAs(String name) {
        // The C library keeps the pointer.
        long text = Arena.global().allocateFrom(name).address();
        Libc.call(Libc.Fn.OPENLOG, text, LOG_PID, LOG_AUTHPRIV);
    }

    /// Checks a password and whether its account may be used.
    ///
    /// @param service the file in `/etc/pam.d`
    /// @param remoteHost where the client is; empty if not known
    /// @param terminal what modules and their log take for the terminal
    /// @param password not empty, without NUL, at most [Crypt#MAX_PASSWORD] bytes; copies made here are wiped
    /// @throws IOException there is no PAM, or it cannot be started
    public static Outcome check(
            String service, String user, String remoteHost, String terminal, byte[] password)
            throws IOException {
        if (!Crypt.isPassword(password) || !isText(service) || !isText(user)) {
            return new Outcome(Verdict.WRONG, "not acceptable to PAM", "");
        }
        try (var conversation = new PamConversation(user, password);
                var handle = new Handle(service, user, conversation)) {
            handle.item(ITEM_TTY, terminal);
            if (!remoteHost.isEmpty() && isText(remoteHost)) {
                handle.item(ITEM_RHOST, remoteHost);
            }
            handle.item(ITEM_FAIL_DELAY, conversation.noDelay());
            Outcome authenticated = handle.step("pam_authenticate", DISALLOW_NULL_AUTHTOK);
            return authenticated.verdict() == Verdict.RIGHT
                    ? account(handle.step("pam_acct_mgmt", DISALLOW_NULL_AUTHTOK))
                    : authenticated;
        }
    }

    /// A refusal when the password is known to be right is about the account.
    private static Outcome account(Outcome outcome) {
        return outcome.verdict() == Verdict.WRONG
                ? new Outcome(Verdict.ACCOUNT_EXPIRED, outcome.words(), outcome.said())
                : outcome;
    }

    private static boolean isText(String text) {
        return !text.isEmpty() && text.indexOf('\0') < 0;
    }

    static Verdict verdict(int code) {
        return switch (code) {
            case SUCCESS -> Verdict.RIGHT;
            case AUTH_ERR, PERM_DENIED, CRED_INSUFFICIENT, MAX_TRIES -> Verdict.WRONG;
            case USER_UNKNOWN -> Verdict.UNKNOWN_USER;
            case NEW_AUTHTOK_REQUIRED, AUTHTOK_EXPIRED, CRED_EXPIRED -> Verdict.PASSWORD_EXPIRED;
            case ACCT_EXPIRED -> Verdict.ACCOUNT_EXPIRED;
            default -> Verdict.UNDECIDED;
        };
    }

    /// A PAM transaction. Used by one thread.
    private static final class Handle implements AutoCloseable {
        private final Arena arena = Arena.ofConfined();
        private final MemorySegment handle;
        private final PamConversation conversation;
        private int last = SUCCESS;

        Handle(String service, String user, PamConversation conversation) throws IOException {
            this.conversation = conversation;
            try {
                handle = start(service, user);
            } catch (IOException e) {
                arena.close();
                throw e;
            }
        }

        private MemorySegment start(String service, String user) throws IOException {
            MemorySegment result = arena.allocate(ValueLayout.ADDRESS);
            int code =
                    LIBRARY.integer(
                            "pam_start",
                            text(service),
                            text(user),
                            conversation.structure(),
                            result.address());
            if (code != SUCCESS) {
                throw new IOException("PAM cannot be started: error " + code);
            }
            return result.get(ValueLayout.ADDRESS, 0);
        }

        void item(int type, String value) throws IOException {
            item(type, text(value));
        }

        void item(int type, long pointer) throws IOException {
            LIBRARY.integer("pam_set_item", handle.address(), type, pointer);
        }

        Outcome step(String function, int flags) throws IOException {
            last = LIBRARY.integer(function, handle.address(), flags);
            return new Outcome(verdict(last), function + ": " + words(), conversation.said());
        }

        private String words() throws IOException {
            long words = LIBRARY.pointer("pam_strerror", handle.address(), last);
            return words == 0 ? "error " + last : Libc.string(MemorySegment.ofAddress(words));
        }

        private long text(String text) {
            return arena.allocateFrom(text).address();
        }

        @Override
        public void close() throws IOException {
            try {
                LIBRARY.integer("pam_end", handle.address(), last);
            } finally {
                arena.close();
            }
        }
    }
}
