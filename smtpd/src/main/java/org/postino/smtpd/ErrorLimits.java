// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpd;

import java.io.InterruptedIOException;
import org.postino.smtp.Verb;

/// Counts errors and idle commands: a client that makes many is slowed down, and then thrown out.
final class ErrorLimits {
    private final Settings settings;
    private int errors;
    private int junk;

    ErrorLimits(Settings settings) {
        this.settings = settings;
    }

    /// Commands that move no mail are free up to a limit, then they are errors.
    void began(Verb verb) {
        boolean idle =
                switch (verb) {
                    case RSET, NOOP, VRFY, ETRN, EXPN, HELP, HELO, EHLO, LHLO -> true;
                    case MAIL, RCPT, DATA, BDAT, QUIT, AUTH, STARTTLS, XFORWARD, XCLIENT, UNKNOWN ->
                            false;
                };
        if (idle && ++junk > settings.junkCommands()) {
            errors++;
        }
    }

    void failed() {
        errors++;
    }

    /// Mail was delivered: all is forgiven.
    void delivered() {
        errors = 0;
        junk = 0;
    }

    boolean isExhausted() {
        return errors >= settings.hardErrors();
    }

    /// Waits before a reply to a client that makes many errors.
    void delay() throws InterruptedIOException {
        if (errors <= settings.softErrors() || settings.errorSleep().isZero()) {
            return;
        }
        try {
            Thread.sleep(settings.errorSleep());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the daemon leaves");
        }
    }
}
