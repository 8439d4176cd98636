// SPDX-License-Identifier: Apache-2.0

package org.postino.smtpclient;

import org.postino.queue.DeliveryServer;
import org.postino.suite.Programs;
import org.postino.suite.SmtpParams;
import org.postino.tls.TlsParams;

/// lmtp(8), delivery by LMTP, where a server answers for each recipient (RFC 2033). Manual page: `smtp.8`.
final class Lmtp {
    private Lmtp() {}

    static void main(String[] args) {
        System.exit(
                DeliveryServer.run(
                        args,
                        Programs.options("lmtp", SmtpParams.ALL, TlsParams.ALL),
                        daemon -> Smtp.start(daemon, true)));
    }
}
