// SPDX-License-Identifier: Apache-2.0

package org.postino.smtp;

import org.jspecify.annotations.Nullable;

/// The ESMTP parameters of MAIL.
///
/// @param size the declared size in bytes, -1 if none was declared (RFC 1870)
/// @param body the declared body type, null if none was declared (RFC 6152)
/// @param smtputf8 whether addresses or header fields may be UTF-8 (RFC 6531)
/// @param ret how much of the message a notification returns (RFC 3461)
/// @param envid the sender's name for this envelope, in xtext as it was sent (RFC 3461)
/// @param auth who submitted the message, in xtext as it was sent, or `<>` (RFC 4954)
/// @param requireTls whether the message may travel over TLS alone (RFC 8689)
public record MailParameters(
        long size,
        @Nullable Body body,
        boolean smtputf8,
        @Nullable Ret ret,
        @Nullable String envid,
        @Nullable String auth,
        boolean requireTls) {
    public static final MailParameters NONE =
            new MailParameters(-1, null, false, null, null, null, false);

    /// The encoding of the message.
    public enum Body {
        SEVENBIT("7BIT"),
        EIGHTBITMIME("8BITMIME");

        private final String word;

        Body(String word) {
            this.word = word;
        }

        /// The word on the wire.
        public String word() {
            return word;
        }
    }

    /// The part of the message that comes back in a notification.
    public enum Ret {
        FULL,
        HDRS
    }

    public MailParameters withSize(long bytes) {
        return new MailParameters(bytes, body, smtputf8, ret, envid, auth, requireTls);
    }

    public MailParameters withBody(Body type) {
        return new MailParameters(size, type, smtputf8, ret, envid, auth, requireTls);
    }

    public MailParameters withSmtputf8() {
        return new MailParameters(size, body, true, ret, envid, auth, requireTls);
    }

    public MailParameters withRet(Ret what) {
        return new MailParameters(size, body, smtputf8, what, envid, auth, requireTls);
    }

    public MailParameters withEnvid(String xtext) {
        return new MailParameters(size, body, smtputf8, ret, xtext, auth, requireTls);
    }

    public MailParameters withAuth(String xtext) {
        return new MailParameters(size, body, smtputf8, ret, envid, xtext, requireTls);
    }

    public MailParameters withRequireTls() {
        return new MailParameters(size, body, smtputf8, ret, envid, auth, true);
    }

    /// The parameters as they follow the path, each with a blank before it.
    public String print() {
        var out = new StringBuilder();
        if (size >= 0) {
            out.append(" SIZE=").append(size);
        }
        if (body != null) {
            out.append(" BODY=").append(body.word());
        }
        if (smtputf8) {
            out.append(" SMTPUTF8");
        }
        if (ret != null) {
            out.append(" RET=").append(ret);
        }
        if (envid != null) {
            out.append(" ENVID=").append(envid);
        }
        if (auth != null) {
            out.append(" AUTH=").append(auth);
        }
        if (requireTls) {
            out.append(" REQUIRETLS");
        }
        return out.toString();
    }
}
