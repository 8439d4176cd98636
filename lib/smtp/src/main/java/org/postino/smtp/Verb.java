// SPDX-License-Identifier: Apache-2.0

package org.postino.smtp;

import java.util.Locale;

/// The verbs of SMTP that we know; everything else is [#UNKNOWN].
public enum Verb {
    HELO,
    EHLO,
    LHLO,
    MAIL,
    RCPT,
    DATA,
    BDAT,
    RSET,
    NOOP,
    QUIT,
    VRFY,
    EXPN,
    ETRN,
    HELP,
    AUTH,
    STARTTLS,
    XFORWARD,
    XCLIENT,
    UNKNOWN;

    /// The verb with this name in any case of letters.
    public static Verb of(String word) {
        return switch (word.toUpperCase(Locale.ROOT)) {
            case "HELO" -> HELO;
            case "EHLO" -> EHLO;
            case "LHLO" -> LHLO;
            case "MAIL" -> MAIL;
            case "RCPT" -> RCPT;
            case "DATA" -> DATA;
            case "BDAT" -> BDAT;
            case "RSET" -> RSET;
            case "NOOP" -> NOOP;
            case "QUIT" -> QUIT;
            case "VRFY" -> VRFY;
            case "EXPN" -> EXPN;
            case "ETRN" -> ETRN;
            case "HELP" -> HELP;
            case "AUTH" -> AUTH;
            case "STARTTLS" -> STARTTLS;
            case "XFORWARD" -> XFORWARD;
            case "XCLIENT" -> XCLIENT;
            default -> UNKNOWN;
        };
    }
}
