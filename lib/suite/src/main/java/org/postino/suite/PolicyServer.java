// SPDX-License-Identifier: Apache-2.0

package org.postino.suite;

import java.util.List;
import org.postino.config.ValueException;
import org.postino.server.ServerSpec;

/// Policy servers as `check_policy_service` names them: `inet:host:port`, `unix:path`, or one of them in braces with attributes behind it.
public final class PolicyServer {
    private static final ServerSpec.Kind KIND =
            new ServerSpec.Kind(
                    "a policy server",
                    "smtpd_policy_service_",
                    List.of(
                            SmtpdParams.SMTPD_POLICY_SERVICE_TIMEOUT,
                            SmtpdParams.SMTPD_POLICY_SERVICE_MAX_IDLE,
                            SmtpdParams.SMTPD_POLICY_SERVICE_MAX_TTL,
                            SmtpdParams.SMTPD_POLICY_SERVICE_TRY_LIMIT,
                            SmtpdParams.SMTPD_POLICY_SERVICE_RETRY_DELAY,
                            SmtpdParams.SMTPD_POLICY_SERVICE_REQUEST_LIMIT,
                            SmtpdParams.SMTPD_POLICY_SERVICE_DEFAULT_ACTION,
                            SmtpdParams.SMTPD_POLICY_SERVICE_POLICY_CONTEXT));

    private PolicyServer() {}

    /// Reads the argument of `check_policy_service`.
    ///
    /// @throws ValueException says what is wrong with it
    public static ServerSpec parse(String argument) throws ValueException {
        return ServerSpec.parse(KIND, argument);
    }
}
