// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import org.postino.config.MainParams;
import org.postino.config.ParamTable;
import org.postino.mailstore.MailParams;
import org.postino.milter.MilterParams;
import org.postino.tls.LmtpTlsParams;
import org.postino.tls.TlsParams;

/// The tables of parameters by name, in the order of the manual: those of a program, those that several share.
///
/// A [Program] names its tables with these, so that they are not declared before they are needed: a daemon's start has no
/// time for the parameters of others.
public enum ParamSet {
    /// Those that every program reads.
    MAIN,
    SMTPD,
    POSTSCREEN,
    /// Those of scanners that smtpd speaks with.
    SCANNER,
    /// Those of the programs that take messages in.
    INCOMING,
    /// Those of the programs that ask milters.
    MILTER,
    TLS,
    /// Those of TLS in the LMTP client.
    LMTP_TLS,
    CLEANUP,
    QMGR,
    BOUNCE,
    LOCAL,
    SMTP,
    /// Those of the LMTP client.
    LMTP,
    /// Those of the mail store.
    MAIL,
    IMAPD,
    POP3D,
    /// Those of the full-text index.
    FTS,
    AUTH,
    VERIFY,
    /// Those of Postfix that nobody reads.
    ACCEPTED;

    /// The declarations; they are made when they are first asked for.
    public ParamTable table() {
        return switch (this) {
            case MAIN -> MainParams.ALL;
            case SMTPD -> SmtpdParams.ALL;
            case POSTSCREEN -> PostscreenParams.ALL;
            case SCANNER -> ScannerParams.ALL;
            case INCOMING -> IncomingParams.ALL;
            case MILTER -> MilterParams.ALL;
            case TLS -> TlsParams.ALL;
            case LMTP_TLS -> LmtpTlsParams.ALL;
            case CLEANUP -> CleanupParams.ALL;
            case QMGR -> QmgrParams.ALL;
            case BOUNCE -> BounceParams.ALL;
            case LOCAL -> LocalParams.ALL;
            case SMTP -> SmtpParams.ALL;
            case LMTP -> LmtpParams.ALL;
            case MAIL -> MailParams.ALL;
            case IMAPD -> ImapdParams.ALL;
            case POP3D -> Pop3dParams.ALL;
            case FTS -> FtsParams.ALL;
            case AUTH -> AuthParams.ALL;
            case VERIFY -> VerifyParams.ALL;
            case ACCEPTED -> AcceptedParams.ALL;
        };
    }
}
