// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpclient;

import org.postino.global.config.SmtpParams;
import org.postino.global.config.TlsParams;
import org.postino.global.delivery.DeliveryServer;
import org.postino.global.server.ServerOptions;

/// lmtp(8), delivery by LMTP, where a server answers for each recipient (RFC 2033). Manual page: `smtp.8`.
final class Lmtp {
    private Lmtp() {}

    static void main(String[] args) {
        System.exit(
                DeliveryServer.run(
                        args,
                        new ServerOptions("lmtp", SmtpParams.ALL, TlsParams.ALL),
                        daemon -> Smtp.start(daemon, true)));
    }
}
