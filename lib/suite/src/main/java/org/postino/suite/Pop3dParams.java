// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.time.Duration;
import java.util.List;
import org.postino.config.Param;
import org.postino.config.ParamTable;

/// Parameters of pop3d(8).
public final class Pop3dParams {
    private static final ParamTable.Builder T = ParamTable.declare();

    public static final Param<Boolean> POP3D_TLS_WRAPPERMODE =
            T.bool("pop3d_tls_wrappermode", false, "Begin with TLS at once, without STLS.");
    public static final Param<String> POP3D_TLS_SECURITY_LEVEL =
            T.choice(
                    "pop3d_tls_security_level",
                    "may",
                    List.of("none", "may", "encrypt"),
                    "none, may (offer STLS if there is a certificate), or encrypt (demand it).");
    public static final Param<Duration> POP3_LOGIN_TIMEOUT =
            T.time("pop3_login_timeout", "180s", "How long a client may take to log in.");
    public static final Param<Duration> POP3_TIMEOUT =
            T.time("pop3_timeout", "10m", "How long a client that has logged in may be silent.");
    public static final Param<Boolean> POP3_NO_FLAG_UPDATES =
            T.bool(
                    "pop3_no_flag_updates",
                    false,
                    "Do not mark messages that were retrieved as seen.");
    public static final Param<String> POP3_UIDL_FORMAT =
            T.raw(
                    "pop3_uidl_format",
                    "%08Xu%08Xv",
                    "The form of the answer to UIDL: %u the UID, %v UIDVALIDITY, X hexadecimal.");

    /// All of the above.
    public static final ParamTable ALL = T.table();

    private Pop3dParams() {}
}
