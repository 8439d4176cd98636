// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import org.jspecify.annotations.Nullable;
import org.postino.smtp.Replies;
import org.postino.smtp.Reply;
import org.postino.smtp.Verb;

/// The order of commands (RFC 5321, 4.1.4), whatever their arguments are.
final class CommandOrder {
    private final Services services;
    private final Settings settings;
    private final SessionState state;

    CommandOrder(Services services, SessionState state) {
        this.services = services;
        this.settings = services.settings();
        this.state = state;
    }

    /// The reply to a command that may not come now; null if it may.
    @Nullable Reply problem(Verb verb) {
        return switch (verb) {
            case HELO, EHLO, LHLO, NOOP, RSET, QUIT, HELP, ETRN, EXPN, UNKNOWN -> null;
            case STARTTLS -> startTls();
            case AUTH -> encrypted(this::auth);
            case XFORWARD, XCLIENT -> state.transaction == null ? null : Replies.MAIL_IN_PROGRESS;
            case VRFY -> encrypted(this::vrfy);
            case MAIL -> encrypted(this::mail);
            case RCPT -> encrypted(this::rcpt);
            case DATA, BDAT -> encrypted(() -> null);
        };
    }

    @FunctionalInterface
    private interface Check {
        @Nullable Reply problem();
    }

    private @Nullable Reply encrypted(Check next) {
        return settings.tlsRequired() && !state.secured ? Replies.NEED_STARTTLS : next.problem();
    }

    private @Nullable Reply needsHelo() {
        return settings.heloRequired() && state.helo == null ? Replies.SEND_HELO_FIRST : null;
    }

    private @Nullable Reply vrfy() {
        return settings.vrfyDisabled() ? Replies.VRFY_DISABLED : needsHelo();
    }

    private @Nullable Reply mail() {
        if (state.transaction != null) {
            return Replies.NESTED_MAIL;
        }
        return state.chunks == SessionState.Chunks.NONE ? needsHelo() : Replies.MAIL_AFTER_BDAT;
    }

    private @Nullable Reply rcpt() {
        if (state.transaction == null) {
            return Replies.NEED_MAIL;
        }
        return state.chunks == SessionState.Chunks.NONE ? null : Replies.RCPT_AFTER_BDAT;
    }

    private @Nullable Reply startTls() {
        if (state.secured) {
            return Replies.TLS_ALREADY_ACTIVE;
        }
        if (services.tls() == null) {
            return Replies.NOT_IMPLEMENTED;
        }
        if (state.transaction != null) {
            return Replies.MAIL_IN_PROGRESS;
        }
        return services.offersTls() ? null : Replies.TLS_UNAVAILABLE;
    }

    private @Nullable Reply auth() {
        var authenticator = services.authenticator();
        if (authenticator == null || !authenticator.serves(state.client)) {
            return Replies.AUTH_NOT_ENABLED;
        }
        if (state.helo == null) {
            return Replies.SEND_HELO_FIRST;
        }
        if (state.transaction != null) {
            return Replies.MAIL_IN_PROGRESS;
        }
        if (state.login != null) {
            return Replies.ALREADY_AUTHENTICATED;
        }
        return settings.authNeedsTls() && !state.secured ? Replies.AUTH_NEEDS_TLS : null;
    }
}
